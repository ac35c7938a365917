/**
 * What Elasticsearch's clients insist on: the product header, media types of their own version, a version number not
 * older than theirs, and errors in Elasticsearch's shape. Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiErrorCode } from '@vedette/contracts';

/** Told to clients that do not say theirs. */
const DEFAULT_VERSION = '8.17.0';
const COMPATIBLE = /application\/vnd\.elasticsearch\+(?:x-nd)?json\s*;\s*compatible-with\s*=\s*(\d{1,2})/i;
const META_VERSION = /(?:^|,)es=(\d{1,3}\.\d{1,3}\.\d{1,3})/;
const AGENT_VERSION = /^(?:elastic|elasticsearch|logstash|[a-z]*beat)[\w-]*\/v?(\d{1,3}\.\d{1,3}\.\d{1,3})/i;
const AGENT = /^(?:elastic|logstash|[a-z]*beat\b|rsyslog|fluent|vector|go-elasticsearch)/i;

/** The client's own version: shippers refuse a server that is older than they are, clients one of another major version. */
export function versionFor(headers: IncomingHttpHeaders): string {
  const meta = META_VERSION.exec(String(headers['x-elastic-client-meta'] ?? '').slice(0, 500))?.[1];
  const agent = AGENT_VERSION.exec((headers['user-agent'] ?? '').slice(0, 200))?.[1];
  const exact = meta ?? agent;
  if (exact !== undefined) return exact;
  const major = compatibleWith(headers);
  return major === undefined ? DEFAULT_VERSION : `${major}.0.0`;
}

/** Media type of answers, in the client's own spelling of the version. */
export function mediaTypeFor(headers: IncomingHttpHeaders): string {
  const major = compatibleWith(headers);
  return major === undefined ? 'application/json' : `application/vnd.elasticsearch+json;compatible-with=${major}`;
}

/** Whether `GET /` means Elasticsearch rather than the console. */
export function isElasticClient(headers: IncomingHttpHeaders): boolean {
  const accept = headers.accept ?? '';
  if (accept.includes('text/html')) return false;
  return (
    headers.authorization !== undefined ||
    headers['x-elastic-client-meta'] !== undefined ||
    accept.includes('json') ||
    AGENT.test(headers['user-agent'] ?? '')
  );
}

function compatibleWith(headers: IncomingHttpHeaders): string | undefined {
  const found = COMPATIBLE.exec((headers.accept ?? '').slice(0, 500));
  return (found ?? COMPATIBLE.exec((headers['content-type'] ?? '').slice(0, 500)))?.[1];
}

const TYPES: Partial<Record<ApiErrorCode, string>> = {
  unauthenticated: 'security_exception',
  bad_credentials: 'security_exception',
  forbidden: 'security_exception',
  journal_full: 'es_rejected_execution_exception',
  rate_limited: 'es_rejected_execution_exception',
  unavailable: 'cluster_block_exception',
  not_found: 'resource_not_found_exception',
  bad_request: 'illegal_argument_exception',
  too_large: 'content_too_long_exception',
  bad_json: 'document_parsing_exception',
  too_deep: 'document_parsing_exception',
  line_too_long: 'document_parsing_exception',
};

export interface ElasticCause {
  type: string;
  reason: string;
}

export function causeOf(code: ApiErrorCode, reason: string): ElasticCause {
  return { type: TYPES[code] ?? 'illegal_argument_exception', reason };
}

export function elasticError(code: ApiErrorCode, reason: string, status: number) {
  const cause = causeOf(code, reason);
  return { error: { root_cause: [cause], ...cause }, status };
}

/** Answer to `GET /`. */
export function elasticInfo(version: string) {
  return {
    name: 'vedette',
    cluster_name: 'vedette',
    cluster_uuid: 'vedette-vedette-vedett',
    version: {
      number: version,
      build_flavor: 'default',
      build_type: 'tar',
      build_hash: '0000000000000000000000000000000000000000',
      build_date: '2025-01-01T00:00:00.000Z',
      build_snapshot: false,
      lucene_version: '10.0.0',
      minimum_wire_compatibility_version: '7.17.0',
      minimum_index_compatibility_version: '7.0.0',
    },
    tagline: 'You Know, for Search',
  };
}
