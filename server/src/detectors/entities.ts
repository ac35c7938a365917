/** Who and what an event is about: the entities of its alerts. */
import type { EcsEvent, Entity } from '@vedette/contracts';

/** Users, addresses, host and process of an event, most telling first. */
export function entitiesOf(event: EcsEvent): Entity[] {
  const entities: Entity[] = [];
  if (event.userName !== '') entities.push({ type: 'user', value: event.userName });
  if (event.targetUserName !== '' && event.targetUserName !== event.userName) {
    entities.push({ type: 'user', value: event.targetUserName });
  }
  if (event.sourceIp !== '') entities.push({ type: 'ip', value: event.sourceIp });
  if (event.destinationIp !== '' && event.destinationIp !== event.sourceIp) {
    entities.push({ type: 'ip', value: event.destinationIp });
  }
  if (event.hostName !== '') entities.push({ type: 'host', value: event.hostName });
  if (event.processExecutable !== '') entities.push({ type: 'process', value: event.processExecutable });
  else if (event.processName !== '' && event.sourceType === 'endpoint') {
    entities.push({ type: 'process', value: event.processName });
  }
  if (event.filePath !== '') entities.push({ type: 'file', value: event.filePath });
  return entities;
}

/**
 * What alerts of one rule are folded by: the host and user an event happened to, or the address it came from where it
 * names neither.
 */
export function foldKeyOf(event: EcsEvent): string {
  const who = event.userName !== '' ? event.userName : event.targetUserName;
  const where = event.hostName;
  if (event.sourceIp !== '' && (event.category === 'network' || (who === '' && where === ''))) {
    return `${event.sourceIp}|${where}`;
  }
  return `${who}|${where}|${event.sourceIp}`;
}
