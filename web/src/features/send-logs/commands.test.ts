import { describe, expect, it } from 'vitest';
import { sendCommands, syslogAddress, tryItCommand } from './commands.ts';

const syslog = { host: '127.0.0.1', port: 5514 };

describe('sendCommands', () => {
  it('carry the address and the key', () => {
    const commands = sendCommands({ url: 'http://127.0.0.1:8431', key: 'vk_abc', syslog });
    for (const command of commands) expect(command.command.includes('vk_abc')).toBe(command.needsKey);
    expect(commands.find((command) => command.id === 'http')!.command).toContain('http://127.0.0.1:8431/api/v1/events');
    expect(commands.find((command) => command.id === 'rsyslog')!.command).toContain('serverport="8431"');
  });
  it('name the place of the key until there is one', () => {
    expect(sendCommands({ url: 'https://siem', key: undefined, syslog })[0]!.command).toContain('$VEDETTE_KEY');
    expect(sendCommands({ url: 'https://siem', key: undefined, syslog })[3]!.command).toContain('usehttps="on"');
  });
});

it('tryItCommand makes more failures than the brute-force rule needs', () => {
  expect(tryItCommand({ syslog })).toMatch(/seq 10.*-P 5514/);
});

describe('syslogAddress', () => {
  const input = (name: string, address: string) => ({ name, address, ok: true });
  it('prefers UDP and leaves TLS out', () => {
    expect(
      syslogAddress(
        [input('syslog-tls', '127.0.0.1:6514'), input('syslog-tcp', '127.0.0.1:1'), input('syslog-udp', '127.0.0.1:2')],
        'x',
      ),
    ).toEqual({ host: '127.0.0.1', port: 2 });
  });
  it('names the page’s host where the listener takes any address', () => {
    expect(syslogAddress([input('syslog', 'udp://0.0.0.0:514')], 'siem.lan')).toEqual({ host: 'siem.lan', port: 514 });
    expect(syslogAddress([input('syslog', '[::1]:514')], 'x')).toEqual({ host: '::1', port: 514 });
  });
  it('falls back to the default', () => expect(syslogAddress([], 'x')).toEqual(syslog));
});
