/** The audit daemon's own file; `programs/audit.ts` reads the records. */
import { EcsEvent } from '@vedette/contracts';
import { Rejection } from '../pipeline/result.ts';
import { defineParser, type Parser } from './parser.ts';
import { auditTime, auditTypeAt, parseAudit } from './programs/audit.ts';
import { programs } from './programs/index.ts';
import { wordAt } from './programs/program.ts';
import { stamp } from './time.ts';

const { dataset, sourceType, logsource } = programs.get('audispd')!;

export const auditd: Parser = defineParser({
  name: 'auditd',
  sourceType,
  detect: (line) => (auditTypeAt(line) >= 0 ? 0.97 : 0),
  parse(line, context) {
    const typeAt = auditTypeAt(line);
    if (typeAt < 0) return new Rejection('unparsed', 'no audit record');
    const event = new EcsEvent();
    event.dataset = dataset;
    event.sourceType = sourceType;
    event.logsource = logsource;
    event.hostName = context.peer;
    parseAudit(event, line);
    stamp(event, auditTime(line, typeAt), wordAt(line, line.indexOf('(', typeAt)), context);
    return event;
  },
});
