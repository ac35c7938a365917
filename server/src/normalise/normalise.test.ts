import { EcsEvent } from '@vedette/contracts';
import { describe, expect, test } from 'vitest';
import { normalise } from './normalise.ts';
import { severityOfLabel, severityOfMessage } from './severity.ts';

function normalised(fields: Partial<EcsEvent>): EcsEvent {
  const event = Object.assign(new EcsEvent(), { timestamp: 1000, ingested: 1000 }, fields);
  normalise([event]);
  return event;
}

describe('normalise', () => {
  test('addresses are in one spelling; what is none is kept beside', () => {
    const event = normalised({ sourceIp: '[2001:DB8:0::1]', destinationIp: 'db.example' });
    expect([event.sourceIp, event.destinationIp]).toEqual(['2001:db8::1', '']);
    expect(event.extra).toEqual({ 'destination.address': 'db.example' });
  });

  test('names are trimmed and bounded, long texts cut', () => {
    const event = normalised({
      hostName: ' web1.example. ',
      userName: `\t${'u'.repeat(300)}`,
      targetUserName: 'root ',
      processCommandLine: 'x'.repeat(50_000),
      action: 'a'.repeat(300),
    });
    expect([event.hostName, event.targetUserName]).toEqual(['web1.example', 'root']);
    expect([event.userName.length, event.processCommandLine.length, event.action.length]).toEqual([256, 32_768, 256]);
  });

  test('an event from the future is flagged, its time kept', () => {
    const late = normalised({ timestamp: 61_001 });
    expect([late.timestamp, late.extra]).toEqual([61_001, { 'vedette.time_flag': 'future' }]);
    expect(normalised({ timestamp: 61_000 }).extra).toBeNull();
  });

  test('severity comes from the message only where the source has none', () => {
    expect(normalised({ message: 'ransomware found' }).severity).toBe(14);
    expect(normalised({ raw: 'Ransom note' }).severity).toBe(14);
    expect(normalised({ message: 'ransomware found', severity: 3 }).severity).toBe(3);
    expect(normalised({ message: 'all is well' }).severity).toBe(2);
  });

  test('source type and category have defaults', () => {
    expect(normalised({}).sourceType).toBe('generic');
    expect(normalised({ sourceType: 'dns' }).category).toBe('network');
    expect(normalised({ sourceType: 'auth', category: 'iam' }).category).toBe('iam');
  });
});

test.each([
  ['low_severity', 5],
  ['critical_severity', 14],
  ['HIGH', 11],
  ['Warning', 5],
  ['emerg', 15],
  ['nonsense', 0],
  ['__proto__', 0],
  ['constructor', 0],
  ['toString', 0],
])('label %s is level %i', (label, level) => expect(severityOfLabel(label)).toBe(level));

test.each([
  ['Ransomware encrypted 4,000 files', 14],
  ['payload ${jndi:ldap://x/a}', 14],
  ['SQL injection in parameter id', 11],
  ['unauthorized access', 8],
  ['connection refused', 5],
  ['service started', 2],
  [`${'x'.repeat(5000)} ransomware`, 2],
])('message "%.40s" is level %i', (message, level) => expect(severityOfMessage(message)).toBe(level));
