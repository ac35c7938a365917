/** Plain text: the last resort. A time at the beginning of the line is read; the rest is a message. */
import { EcsEvent } from '@vedette/contracts';
import { severityOfMessage } from '../normalise/severity.ts';
import { defineParser, type Parser } from './parser.ts';
import { isoEnd, isoTime, stamp } from './time.ts';

export const plain: Parser = defineParser({
  name: 'generic',
  sourceType: 'generic',
  detect: () => 0.01,
  parse(line, context) {
    const event = new EcsEvent();
    event.dataset = 'generic';
    event.sourceType = 'generic';
    event.message = line;
    const bracket = line.charCodeAt(0) === 91 ? 1 : 0;
    const time = isoTime(line, bracket);
    if (Number.isNaN(time)) event.timestamp = context.receivedAt;
    else stamp(event, time, line.slice(bracket, isoEnd), context);
    event.severity = severityOfMessage(line);
    return event;
  },
});
