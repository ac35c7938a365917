/** JSON of no known shape: well-known names are mapped, everything stays under `json.`; and the list of all shapes. */
import { Rejection, type ParseResult } from '../../pipeline/result.ts';
import { winlogbeat, windowsFlat, windowsXml } from '../windows/shapes.ts';
import { defineParser, type ParseContext, type Parser } from '../parser.ts';
import { syslogJson } from './carried-message.ts';
import { clients, readCommon } from './clients.ts';
import { cloudtrail } from './cloudtrail.ts';
import type { JsonObject } from './document.ts';
import { ecs } from './ecs.ts';
import { documentOf, jsonParser, readShape, type JsonShape } from './shape.ts';
import { suricata } from './suricata.ts';
import { zeek } from './zeek.ts';

const generic: JsonShape = {
  name: 'json',
  sourceType: 'generic',
  recognise: () => 0.3,
  read(document, event, context) {
    readCommon(document, event, context);
    event.dataset = 'json';
    event.sourceType = 'generic';
    event.record = document;
    event.recordPrefix = 'json.';
  },
};

/** Most telling first; the first that recognises a document reads it. */
const shapes: readonly JsonShape[] = [
  windowsXml,
  windowsFlat,
  winlogbeat,
  suricata,
  zeek,
  cloudtrail,
  ecs,
  syslogJson,
  clients,
];

/** One parser for each family of shapes. */
export const shapeParsers: readonly Parser[] = [
  jsonParser('windows', [windowsXml, windowsFlat, winlogbeat]),
  ...[suricata, zeek, cloudtrail, ecs, syslogJson, clients].map((shape) => jsonParser(shape.name, [shape])),
];

/** Reads a document by its own shape, whatever the source sent before. */
export function readAnyDocument(document: JsonObject, context: ParseContext): ParseResult {
  for (const shape of shapes) if (shape.recognise(document) > 0) return readShape(shape, document, context);
  return readShape(generic, document, context);
}

export const json: Parser = defineParser({
  name: 'json',
  sourceType: 'generic',
  detect(line) {
    return documentOf(line) instanceof Rejection ? 0 : 0.3;
  },
  parse(line, context) {
    const document = documentOf(line);
    return document instanceof Rejection ? document : readAnyDocument(document, context);
  },
});
