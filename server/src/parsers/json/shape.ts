/** A JSON document of a known shape. Every shape is a parser of its own; `json` tries them all for mixed sources. */
import { EcsEvent } from '@vedette/contracts';
import { Rejection, type ParseResult } from '../../pipeline/result.ts';
import { defineParser, type ParseContext, type Parser } from '../parser.ts';
import { keepDocument, parseDocument, type JsonObject } from './document.ts';

export interface JsonShape {
  readonly name: string;
  readonly sourceType: string;
  /** How sure it is that the document is its own: 0 no … 1 certain. A few property reads. */
  recognise(document: JsonObject): number;
  /** Reads the document into the event; it may keep (and add to) the document as the event's record. */
  read(document: JsonObject, event: EcsEvent, context: ParseContext): void;
}

/** A parser of lines that hold one document each, of one of these shapes. */
export function jsonParser(name: string, shapes: readonly JsonShape[]): Parser {
  const shapeOf = (document: JsonObject) => shapes.find((shape) => shape.recognise(document) > 0);
  return defineParser({
    name,
    sourceType: shapes[0]!.sourceType,
    detect(line) {
      const document = documentOf(line);
      if (document instanceof Rejection) return 0;
      return shapeOf(document)?.recognise(document) ?? 0;
    },
    parse(line, context) {
      const document = documentOf(line);
      if (document instanceof Rejection) return document;
      const shape = shapeOf(document);
      if (shape === undefined) return new Rejection('unparsed', `the JSON is not of the shape "${name}"`);
      return readShape(shape, document, context);
    },
  });
}

/** The document on a line; lines that do not begin with `{` are not even tried. */
export function documentOf(line: string): JsonObject | Rejection {
  let at = 0;
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9 || line.charCodeAt(at) === 0xfeff) at++;
  if (line.charCodeAt(at) !== 123) return new Rejection('bad_json', 'not a JSON object');
  return parseDocument(line.charCodeAt(0) === 0xfeff ? line.slice(1) : line);
}

export function readShape(shape: JsonShape, document: JsonObject, context: ParseContext): ParseResult {
  keepDocument();
  const event = new EcsEvent();
  shape.read(document, event, context);
  return event;
}
