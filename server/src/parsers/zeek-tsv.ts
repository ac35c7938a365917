/**
 * Zeek's own log files: tab-separated, described by header lines (`#separator`, `#fields`, `#types`, `#path` …). A record
 * becomes the document that Zeek's JSON writer would have made of it. `memory` gives the header lines back, so that a
 * file can be read on from its middle.
 */
import { isUtf8 } from 'node:buffer';
import { EcsEvent, type ExtraValue } from '@vedette/contracts';
import { Rejection, type ParseResult } from '../pipeline/result.ts';
import type { JsonObject } from './json/document.ts';
import { readZeek } from './json/zeek.ts';
import { defineStatefulParser, type ParseContext, type Parser, type ParserSession } from './parser.ts';

const MAX_FIELDS = 1000;
const DIRECTIVES = [
  '#separator',
  '#set_separator',
  '#empty_field',
  '#unset_field',
  '#path',
  '#fields',
  '#types',
  '#open',
];

interface Layout {
  separator: string;
  setSeparator: string;
  empty: string;
  unset: string;
  path: string;
  fields: string[];
  types: string[];
}

export const zeekTsv: Parser = defineStatefulParser({
  name: 'zeek-tsv',
  sourceType: 'network',
  detect: (line) => (DIRECTIVES.some((name) => line.startsWith(name)) ? 1 : 0),
  open: openSession,
});

function freshLayout(): Layout {
  return { separator: '\t', setSeparator: ',', empty: '(empty)', unset: '-', path: '', fields: [], types: [] };
}

function openSession(memory = ''): ParserSession {
  let layout = freshLayout();
  let header: string[] = [];
  const readHeader = (line: string): void => {
    if (line.startsWith('#separator')) {
      layout = freshLayout();
      header = [];
    }
    if (header.length < DIRECTIVES.length * 2) header.push(line);
    readDirective(layout, line);
  };
  for (const line of memory.split('\n')) if (line !== '') readHeader(line);
  return {
    parse(line, context) {
      if (line.charCodeAt(0) === 35) {
        readHeader(line);
        return null;
      }
      return readRow(layout, line, context);
    },
    memory: () => header.join('\n'),
  };
}

function readDirective(layout: Layout, line: string): void {
  if (line.startsWith('#separator ')) {
    layout.separator = unescaped(line.slice(11)) || '\t';
    return;
  }
  const [name, ...values] = line.split(layout.separator);
  switch (name) {
    case '#set_separator':
      layout.setSeparator = unescaped(values[0] ?? ',') || ',';
      break;
    case '#empty_field':
      layout.empty = values[0] ?? '(empty)';
      break;
    case '#unset_field':
      layout.unset = values[0] ?? '-';
      break;
    case '#path':
      layout.path = (values[0] ?? '').slice(0, 64);
      break;
    case '#fields':
      layout.fields = values.slice(0, MAX_FIELDS).map((field) => (field === '__proto__' ? '_proto_' : field));
      break;
    case '#types':
      layout.types = values.slice(0, MAX_FIELDS);
  }
}

function readRow(layout: Layout, line: string, context: ParseContext): ParseResult {
  const { fields, types } = layout;
  if (fields.length === 0) return new Rejection('unparsed', 'a Zeek record before its #fields header');
  const values = line.split(layout.separator, fields.length + 1);
  if (values.length !== fields.length) {
    return new Rejection('unparsed', `${values.length} columns where the #fields header names ${fields.length}`);
  }
  const record: JsonObject = {};
  for (let i = 0; i < fields.length; i++) {
    const value = values[i]!;
    if (value !== layout.unset) record[fields[i]!] = valueOf(layout, value, types[i] ?? 'string');
  }
  const event = new EcsEvent();
  readZeek(event, layout.path, record, context);
  return event;
}

function valueOf(layout: Layout, value: string, type: string): ExtraValue {
  const inner = type.startsWith('vector[') ? type.slice(7, -1) : type.startsWith('set[') ? type.slice(4, -1) : '';
  if (inner === '') return scalar(value, type, layout.empty);
  if (value === layout.empty) return [];
  return value
    .split(layout.setSeparator)
    .map((item) => (item === layout.unset ? null : scalar(item, inner, layout.empty)));
}

function scalar(value: string, type: string, empty: string): ExtraValue {
  switch (type) {
    case 'bool':
      return value === 'T';
    case 'count':
    case 'int':
    case 'port':
    case 'double':
    case 'interval':
    case 'time': {
      const number = Number(value);
      return Number.isNaN(number) ? value : number;
    }
    default:
      return value === empty ? '' : unescaped(value);
  }
}

/**
 * Zeek's escapes: `\x09` → tab, `\\` → one backslash. As in its JSON, bytes that form UTF-8 become characters; other bytes
 * and control characters stay visible as escapes.
 */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\\\|(?:\\x[0-9a-fA-F]{2})+/g, (escapes) => {
    if (escapes === '\\\\') return '\\';
    const bytes = Buffer.from(escapes.replaceAll('\\x', ''), 'hex');
    return isUtf8(bytes) ? Array.from(bytes.toString('utf8'), visible).join('') : escapes;
  });
}

function visible(character: string): string {
  if (character >= ' ' || character === '\t' || character === '\n' || character === '\r') return character;
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
