/** Events of our own for the store's tests: one of every kind that parsers make. */
import { EcsEvent, type ExtraValue } from '@vedette/contracts';
import { createEventBlock, createQuarantineBlock } from '../block.ts';
import type { Block } from '../event-store.ts';

export const DAY = Date.UTC(2026, 1, 6);
export const INGESTED = Date.UTC(2026, 1, 7, 8);

/** An event with `fields` set; `raw` defaults to a line that ends in the message. */
export function sampleEvent(id: number, fields: Partial<EcsEvent>): EcsEvent {
  const event = new EcsEvent();
  event.id = id;
  event.timestamp = DAY + id * 1000;
  event.ingested = INGESTED;
  event.source = 'test';
  event.sourceType = 'generic';
  Object.assign(event, fields);
  if (event.raw === '') event.raw = `Feb  6 00:00:00 web1 app: ${event.message}`;
  return event;
}

export function sshFailure(id: number, address: string, user: string, fields: Partial<EcsEvent> = {}): EcsEvent {
  return sampleEvent(id, {
    sourceType: 'auth',
    dataset: 'linux.sshd',
    category: 'authentication',
    action: 'ssh_login',
    outcome: 'failure',
    severity: 5,
    hostName: 'Web1',
    userName: user,
    sourceIp: address,
    sourcePort: 40_000 + (id % 1000),
    processName: 'sshd',
    processPid: 4242,
    protocol: 'ssh',
    transport: 'tcp',
    message: `Failed password for ${user} from ${address} port ${40_000 + (id % 1000)} ssh2`,
    extra: { 'sshd.method': 'password' },
    ...fields,
  });
}

/** A process creation as Sysmon reports it, in the flat JSON that agents send. */
export function processCreation(id: number, fields: Partial<EcsEvent> = {}): EcsEvent {
  const record: Record<string, ExtraValue> = {
    Image: 'C:\\Windows\\System32\\whoami.exe',
    CommandLine: 'whoami /all',
    ParentImage: 'C:\\Windows\\System32\\cmd.exe',
    User: 'LAB\\alice',
    ProcessId: 4711,
    SourcePort: '0',
    LogonId: '0x3e7',
    Hashes: { SHA256: 'ab12' },
  };
  const message = 'Process Create:\r\nImage: C:\\Windows\\System32\\whoami.exe';
  return sampleEvent(id, {
    sourceType: 'windows',
    dataset: 'windows.sysmon',
    code: '1',
    channel: 'Microsoft-Windows-Sysmon/Operational',
    severity: 8,
    hostName: 'WKS1',
    userName: 'alice',
    processExecutable: 'C:\\Windows\\System32\\whoami.exe',
    processCommandLine: 'whoami /all',
    parentExecutable: 'C:\\Windows\\System32\\cmd.exe',
    processPid: 4711,
    message,
    raw: JSON.stringify({ Channel: 'Microsoft-Windows-Sysmon/Operational', Message: message, ...record }),
    record,
    recordPrefix: 'winlog.event_data.',
    ...fields,
  });
}

/** A block of `events`; `latin1` lines are written byte for byte. */
export function blockOf(events: readonly EcsEvent[], token: string): Block {
  const block = createEventBlock();
  for (const event of events) {
    const bytes = Buffer.from(event.raw, event.rawLatin1 ? 'latin1' : 'utf8');
    block.append(event, bytes, 0, bytes.length);
  }
  return { table: 'events', rows: events.length, data: Uint8Array.from(block.finish()), token };
}

export function quarantineOf(lines: readonly { id: number; raw: Buffer; source?: string }[], token: string): Block {
  const block = createQuarantineBlock();
  for (const { id, raw, source = 'test' } of lines)
    block.append({
      meta: { source, lane: 'live', receivedAt: INGESTED + id },
      id,
      parser: 'ids',
      code: 'unparsed',
      reason: 'no valid source address',
      bytes: raw,
    });
  return { table: 'quarantine', rows: lines.length, data: Uint8Array.from(block.finish()), token };
}
