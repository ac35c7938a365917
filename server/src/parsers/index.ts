/** Every format, most particular first: of equally sure parsers the earlier one is chosen. */
import { access } from './access.ts';
import { auditd } from './auditd.ts';
import { cef } from './cef.ts';
import { endpoint } from './endpoint.ts';
import { ids } from './ids.ts';
import { json, shapeParsers } from './json/generic.ts';
import { keyValue } from './key-value.ts';
import type { Parser } from './parser.ts';
import { plain } from './plain.ts';
import { syslog } from './syslog.ts';
import { webAccess } from './web-access.ts';
import { webError } from './web-error.ts';
import { zeekTsv } from './zeek-tsv.ts';

export const parsers: readonly Parser[] = [
  zeekTsv,
  ids,
  access,
  endpoint,
  auditd,
  ...shapeParsers,
  json,
  cef,
  webAccess,
  webError,
  syslog,
  keyValue,
  plain,
];

export const parserByName: ReadonlyMap<string, Parser> = new Map(parsers.map((parser) => [parser.name, parser]));

/** Parsers of JSON: what looks like a piece of JSON in their sources is broken, not text. */
export const jsonParsers: ReadonlySet<Parser> = new Set([json, ...shapeParsers]);
