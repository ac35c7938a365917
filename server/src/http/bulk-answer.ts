/** What became of each item of a `_bulk` request, in Elasticsearch's words. Pure. */
import { API_ERRORS, type ApiErrorCode } from '@vedette/contracts';
import type { Admitted } from '../admission/admitted.ts';
import type { BatchOutcome } from '../admission/ingest.ts';
import { causeOf, type ElasticCause } from './elastic-wire.ts';

interface ItemAnswer {
  _index: string;
  _id?: string;
  _version?: number;
  result?: string;
  _shards?: { total: number; successful: number; failed: number };
  _seq_no?: number;
  _primary_term?: number;
  status: number;
  error?: ElasticCause;
}
export interface BulkAnswer {
  errors: boolean;
  took: number;
  items: Record<string, ItemAnswer>[];
}

const CONFLICT: ElasticCause = {
  type: 'version_conflict_engine_exception',
  reason: 'version conflict, document already exists (current version [1])',
};

/** `failureOf` names the code of what the journal said. */
export function bulkAnswer(
  { actions, rejected }: Admitted,
  outcomes: readonly BatchOutcome[],
  failureOf: (error: Error) => ApiErrorCode,
  took: number,
): BulkAnswer {
  const items = actions.map(({ action, index, id }) => {
    const answer: ItemAnswer = { _index: index, status: 500 };
    if (id !== '') answer._id = id;
    return { [action]: answer };
  });
  let errors = false;
  const answerOf = (item: number): ItemAnswer => items[item]![actions[item]!.action]!;
  const fail = (item: number, status: number, error: ElasticCause): void => {
    errors = true;
    Object.assign(answerOf(item), { status, error });
  };

  for (const { index, code, message } of rejected) {
    const { status } = API_ERRORS[code];
    fail(index, status === 422 ? 400 : status, causeOf(code, message));
  }
  for (const { stored, duplicateItems, failedItems, error } of outcomes) {
    for (const { item, id } of stored) added(answerOf(item), 'created', 201, String(id), id);
    for (const item of duplicateItems) {
      if (actions[item]!.action === 'create') fail(item, 409, CONFLICT);
      else added(answerOf(item), 'noop', 200, '', 0);
    }
    if (error === null) continue;
    const code = failureOf(error);
    for (const item of failedItems) fail(item, API_ERRORS[code].status, causeOf(code, API_ERRORS[code].message));
  }
  return { errors, took, items };
}

function added(answer: ItemAnswer, result: string, status: number, id: string, sequence: number): void {
  answer._id ??= id;
  answer._version = 1;
  answer.result = result;
  answer._shards = { total: 1, successful: 1, failed: 0 };
  answer._seq_no = sequence;
  answer._primary_term = 1;
  answer.status = status;
}
