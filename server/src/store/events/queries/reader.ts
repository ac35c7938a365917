/**
 * Every question about events, as SQL over one connection; shared by the embedded engine and a ClickHouse server.
 * Nothing but parameters carries text from outside.
 */
import type { EcsDocument, Page, Quarantined } from '@vedette/contracts';
import { DOCUMENT_COLUMNS, isoTime, rowDocument } from '../documents.ts';
import type { EventFilter, EventStore, QueryOptions } from '../event-store.ts';
import { parseCursor, printCursor } from './cursor.ts';
import { fieldSummaries } from './field-summaries.ts';
import { eventFigures } from './figures.ts';
import { filterSql, rangeConditions } from './filter-sql.ts';
import { histogram } from './histogram.ts';
import { pivot } from './pivot.ts';
import { Parameters, type Row, type Sql } from './sql.ts';
import { timeSql } from './time-sql.ts';

/** Runs one SELECT; rows are objects by column name, 64-bit integers as text. */
export type Run = (sql: Sql, options?: QueryOptions) => Promise<Row[]>;

export type EventReader = Pick<
  EventStore,
  'search' | 'get' | 'count' | 'histogram' | 'fields' | 'pivot' | 'figures' | 'quarantine' | 'size'
>;

/** Ids that one look-up may name. */
const MAX_IDS = 10_000;

export function createEventReader(run: Run, now: () => number): EventReader {
  return {
    async search(filter, { limit, cursor }, options): Promise<Page<EcsDocument>> {
      const params = new Parameters();
      const conditions = [filterSql(filter, params)];
      if (cursor !== undefined) conditions.push(afterSql('timestamp', cursor, params));
      const text =
        `SELECT ${DOCUMENT_COLUMNS} FROM events WHERE ${conditions.join(' AND ')} ` +
        `ORDER BY timestamp DESC, id DESC LIMIT ${params.bind('UInt32', limit + 1)}`;
      const rows = await run({ text, params: params.values }, options);
      return page(rows, limit, 'timestamp', rowDocument);
    },

    async get(ids, around, options) {
      const wanted = ids.filter((id) => /^\d{1,16}$/.test(id)).slice(0, MAX_IDS);
      if (wanted.length === 0) return [];
      const params = new Parameters();
      const conditions = [`id IN ${params.bind('Array(UInt64)', wanted.map(Number))}`];
      if (around) conditions.push(...rangeConditions('timestamp', around, params));
      const text = `SELECT ${DOCUMENT_COLUMNS} FROM events WHERE ${conditions.join(' AND ')}`;
      const rows = await run({ text, params: params.values }, options);
      const byId = new Map(rows.map((row) => [String(row['id']), row]));
      return wanted.flatMap((id) => {
        const row = byId.get(String(Number(id)));
        return row ? [rowDocument(row)] : [];
      });
    },

    count: (filter, options) => countEvents(run, filter, options),
    histogram: (filter, buckets, options) => histogram(run, now, filter, buckets, options),
    fields: (filter, fields, top, options) => fieldSummaries(run, filter, fields, top, options),
    pivot: (value, filter, newest, options) => pivot(run, value, filter, newest, options),
    figures: (filter, options) => eventFigures(run, now, filter, options),

    async quarantine(filter, { limit, cursor }): Promise<Page<Quarantined>> {
      const params = new Parameters();
      const conditions = rangeConditions('at', filter, params);
      if (filter.source !== undefined) conditions.push(`source = ${params.text(filter.source)}`);
      if (cursor !== undefined) conditions.push(afterSql('at', cursor, params));
      const text =
        `SELECT id, at, source, parser, code, reason, length(raw) AS bytes, ${QUARANTINED_RAW} FROM quarantine ` +
        `WHERE ${conditions.join(' AND ') || '1'} ORDER BY at DESC, id DESC LIMIT ${params.bind('UInt32', limit + 1)}`;
      const rows = await run({ text, params: params.values });
      return page(rows, limit, 'at', quarantined);
    },

    async size() {
      const text =
        'SELECT table, sum(rows) AS row_count, sum(bytes_on_disk) AS bytes FROM system.parts ' +
        "WHERE active AND database = currentDatabase() AND table IN ('events', 'quarantine') GROUP BY table";
      const rows = await run({ text, params: {} });
      const of = (table: string) => rows.find((row) => row['table'] === table);
      return {
        events: Number(of('events')?.['row_count'] ?? 0),
        quarantined: Number(of('quarantine')?.['row_count'] ?? 0),
        bytes: rows.reduce((sum, row) => sum + Number(row['bytes']), 0),
      };
    },
  };
}

export async function countEvents(run: Run, filter: EventFilter, options?: QueryOptions): Promise<number> {
  const params = new Parameters();
  const text = `SELECT count() AS n FROM events WHERE ${filterSql(filter, params)}`;
  const [row] = await run({ text, params: params.values }, options);
  return Number(row!['n']);
}

/** Longest raw text that the quarantine list carries; `bytes` tells the whole. */
const SHOWN_RAW = 65_536;
const QUARANTINED_RAW =
  `if(isValidUTF8(raw), substringUTF8(raw, 1, ${SHOWN_RAW}), '') AS raw_text, ` +
  `if(isValidUTF8(raw), '', base64Encode(substring(raw, 1, ${SHOWN_RAW}))) AS raw_base64`;

function quarantined(row: Row): Quarantined {
  const base64 = row['raw_base64'] as string;
  return {
    id: String(row['id']),
    at: isoTime(row['at'] as string),
    source: row['source'] as string,
    parser: row['parser'] as string,
    code: row['code'] as string,
    reason: row['reason'] as string,
    raw: base64 || (row['raw_text'] as string),
    encoding: base64 === '' ? 'utf8' : 'base64',
    bytes: Number(row['bytes']),
  };
}

function afterSql(column: 'timestamp' | 'at', cursor: string, params: Parameters): string {
  const { time, id } = parseCursor(cursor);
  const at = timeSql(time, params);
  // The first comparison alone uses the primary key.
  return `${column} <= ${at} AND (${column} < ${at} OR id < ${params.bind('UInt64', id)})`;
}

function page<T>(rows: Row[], limit: number, column: 'timestamp' | 'at', read: (row: Row) => T): Page<T> {
  const last = rows.length > limit ? rows[limit - 1]! : null;
  return {
    items: rows.slice(0, limit).map(read),
    nextCursor: last && printCursor({ time: Date.parse(isoTime(last[column] as string)), id: Number(last['id']) }),
  };
}
