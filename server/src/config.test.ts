import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assertSafeBinding, isLoopback, unsafeBinding } from './binding.ts';
import { ConfigError, configSchema, loadConfig, SETTINGS } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function yaml(text: string): string {
  const file = join(folder, 'vedette.yaml');
  writeFileSync(file, text);
  return file;
}

function problemsOf(sources: Parameters<typeof loadConfig>[0]): readonly string[] {
  try {
    loadConfig(sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8431,
      syslog: { port: 5514, allowFrom: [] },
      rateLimits: { perMinute: 200, authPerMinute: 10, keyPerMinute: 6000 },
      sessionHours: 24,
      registration: 'closed',
    });
    expect(config.data).toBe(resolve('data'));
    expect(config.syslog.tlsPort).toBeUndefined();
    expect(config.workers).toBeGreaterThanOrEqual(1);
  });

  it('prefers flags to the environment, the environment to the file, the file to defaults', () => {
    const file = yaml('port: 1001\nhost: "::1"\nsyslog: { port: 1002, tlsPort: 1003 }\n');
    const env = { VEDETTE_PORT: '2001', VEDETTE_SYSLOG_PORT: '2002' };
    const config = loadConfig({ flags: { port: '3001', host: undefined }, env, file });
    expect(config.port).toBe(3001);
    expect(config.syslog).toMatchObject({ port: 2002, tlsPort: 1003, maxFrameBytes: 262_144 });
    expect(config.host).toBe('::1');
  });

  it('reads lists, booleans and mappings from text', () => {
    const env = {
      VEDETTE_SYSLOG_ALLOW_FROM: '10.0.0.0/8, 192.168.1.7',
      VEDETTE_BEHIND_PROXY: '1',
      VEDETTE_FILES: '[{path: /var/log/auth.log, lane: history}]',
      VEDETTE_CLICKHOUSE_PASSWORD: '12345',
    };
    const config = loadConfig({ env });
    expect(config.syslog.allowFrom).toEqual(['10.0.0.0/8', '192.168.1.7']);
    expect(config.behindProxy).toBe(true);
    expect(config.files).toEqual([{ path: '/var/log/auth.log', lane: 'history' }]);
    expect(config.clickhouse.password).toBe('12345');
  });

  it('names every wrong setting, where it was given, and the nearest name of an unknown one', () => {
    const file = yaml('prot: 1\nsyslog: { prot: 5514, port: 99999 }\nretentionDays: many\nquux: 1\n');
    const problems = problemsOf({
      flags: { port: 'x' },
      env: { VEDETTE_SYSLGO_PORT: '1', VEDETTE_WORKERS: '0' },
      file,
    });
    const text = problems.join('\n');
    expect(text).toContain(`prot (in ${file}) is no setting. Did you mean port?`);
    expect(text).toContain(`syslog.prot (in ${file}) is no setting. Did you mean syslog.port?`);
    expect(text).toContain('VEDETTE_SYSLGO_PORT is no setting. Did you mean VEDETTE_SYSLOG_PORT?');
    expect(text).toMatch(/^quux \(in .*\) is no setting\.$/m);
    expect(text).toContain('workers (in VEDETTE_WORKERS)');
    expect(text).toContain('port (in the command line)');
    expect(text).toContain(`retentionDays (in ${file})`);
    expect(text).toContain(`syslog.port (in ${file})`);
    expect(problems).toHaveLength(8);
  });

  it('ignores variables of the same prefix that are not its own', () => {
    expect(problemsOf({ env: { VEDETTE_URL: 'x', VEDETTE_SERVICE_HOST: 'x', VEDETTE_PORT_8431_TCP: 'x' } })).toEqual(
      [],
    );
  });

  it.each([
    ['- a\n- b\n', 'does not hold settings'],
    ['port: [\n', 'cannot be read'],
    ['syslog: 5514\n', 'syslog (in '],
    ['__proto__: { host: 0.0.0.0 }\n', '__proto__ (in '],
    ['clickhouse: { url: "file:///etc/passwd" }\n', 'clickhouse.url'],
    ['tls: { cert: a.pem }\n', 'go together'],
    ['syslog: { allowFrom: [everywhere] }\n', 'syslog.allowFrom.0'],
  ])('refuses %j', (text, message) => {
    expect(problemsOf({ file: yaml(text), env: { VEDETTE_SYSLOG_PORT: '5515' } }).join('\n')).toContain(message);
  });

  it('says so when the file that was asked for is missing', () => {
    expect(problemsOf({ file: join(folder, 'none.yaml') })[0]).toContain('none.yaml cannot be read');
  });

  it('describes every setting and gives it its own variable', () => {
    expect(SETTINGS.filter(({ description }) => description === '')).toEqual([]);
    expect(new Set(SETTINGS.map(({ variable }) => variable)).size).toBe(SETTINGS.length);
    expect(SETTINGS.map(({ name }) => name)).toContain('intel.refreshMinutes');
  });
});

describe('binding', () => {
  const config = configSchema.parse({});
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', '::ffff:127.0.0.1'])('%s is loopback', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(unsafeBinding({ ...config, host })).toBeUndefined();
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com'])('%s needs TLS or a proxy', (host) => {
    expect(() => assertSafeBinding({ ...config, host })).toThrow(/tls\.enabled/);
    expect(unsafeBinding({ ...config, host, behindProxy: true })).toBeUndefined();
    expect(unsafeBinding({ ...config, host, tls: { ...config.tls, enabled: true } })).toBeUndefined();
  });
});
