/**
 * The files in `deploy/`, held to the tree they describe: sources of the image exist, settings are settings, the Compose
 * file says nothing that Compose does not know. `deploy/rehearse.sh` runs the image's steps; this only reads.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '@vedette/server/config.ts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMPOSE = join(ROOT, 'deploy/compose.yml');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** `[instruction, arguments]` of each step, continued lines joined. */
function dockerfileSteps(): [string, string][] {
  return read('deploy/Dockerfile')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)];
    });
}

function argumentsOf(instruction: string): string[] {
  return dockerfileSteps()
    .filter(([name]) => name === instruction)
    .map(([, text]) => text);
}

/** The part of the Compose specification that our file uses: what is not named here is no key of Compose. */
const composeSchema = z.strictObject({
  services: z.record(
    z.string().regex(/^[a-zA-Z0-9._-]+$/),
    z.strictObject({
      build: z.strictObject({ context: z.string(), dockerfile: z.string() }),
      image: z.string().regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*:[\w.-]+$/),
      restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
      init: z.boolean(),
      ports: z.array(z.string().regex(/^(?:[\d.]+:)?\d+:\d+(?:\/(?:tcp|udp))?$/)),
      environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
      volumes: z.array(z.string().regex(/^[\w-]+:\/\w+$/)),
      shm_size: z.string().regex(/^\d+[kmg]b?$/),
      stop_grace_period: z.string().regex(/^(?:\d+m)?(?:\d+s)?$/),
      read_only: z.boolean(),
      tmpfs: z.array(z.string().startsWith('/')),
      cap_drop: z.array(z.string()),
      security_opt: z.array(z.string()),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});
const readCompose = () => composeSchema.parse(parse(readFileSync(COMPOSE, 'utf8')));

/** Variables that name settings, in any text. */
const variablesIn = (text: string): string[] => [...new Set(text.match(/\bVEDETTE_[A-Z_]+\b/g))];
const variables = new Set(SETTINGS.map(({ variable }) => variable));

describe('Dockerfile', () => {
  it('copies only what the tree and the earlier stages have', () => {
    const stages = argumentsOf('FROM').flatMap((text) => / AS (\w+)$/.exec(text)?.[1] ?? []);
    for (const text of argumentsOf('COPY')) {
      const words = text.split(/\s+/);
      const [from] = words.filter((word) => word.startsWith('--from='));
      if (from !== undefined) expect(stages).toContain(from.slice('--from='.length));
      else
        for (const source of words.slice(0, -1))
          expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
    }
  });

  it('has the manifest of every workspace and nothing that .dockerignore keeps out', () => {
    const sources = argumentsOf('COPY').flatMap((text) => text.split(/\s+/).slice(0, -1));
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
    for (const workspace of workspaces) expect(sources).toContain(`${workspace}/package.json`);
    const ignored = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !/^(?:#|\*)/.test(line));
    for (const path of ignored) expect(sources.filter((source) => `${source}/`.startsWith(`${path}/`))).toEqual([]);
  });

  it('ships every workspace that the server and the command line import', () => {
    const sources = argumentsOf('COPY').join('\n');
    for (const workspace of ['server', 'cli']) {
      const { dependencies } = JSON.parse(read(`${workspace}/package.json`)) as {
        dependencies: Record<string, string>;
      };
      for (const name of Object.keys(dependencies))
        if (name.startsWith('@vedette/'))
          expect(sources).toMatch(new RegExp(`^${name.slice('@vedette/'.length)}/src `, 'm'));
    }
  });

  it('runs as a user without rights, with a health check', () => {
    const last = dockerfileSteps();
    const final = last.slice(last.findLastIndex(([name]) => name === 'FROM'));
    expect(final.find(([name]) => name === 'USER')?.[1]).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const check = final.find(([name]) => name === 'HEALTHCHECK')?.[1] ?? '';
    const [program, script] = JSON.parse(check.slice(check.indexOf('['))) as string[];
    expect(program).toBe('node');
    expect(final.some(([name, text]) => name === 'COPY' && text.endsWith(` ${script}`))).toBe(true);
  });
});

describe('compose.yml', () => {
  it('is what Compose knows', () => {
    const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
    if (hasCompose) {
      const checked = spawnSync('docker', ['compose', '-f', COMPOSE, 'config', '--quiet'], { encoding: 'utf8' });
      expect([checked.status, checked.stderr]).toEqual([0, '']);
    }
    if (!hasCompose) console.warn('docker compose is missing: compose.yml is checked against our own schema only');
    const { services, volumes } = readCompose();
    for (const { volumes: mounts } of Object.values(services))
      for (const mount of mounts) expect(Object.keys(volumes)).toContain(mount.split(':')[0]);
  });

  it('fits the image: its file, its ports, its data folder', () => {
    const { vedette } = readCompose().services;
    expect(existsSync(join(ROOT, 'deploy', vedette!.build.context, vedette!.build.dockerfile))).toBe(true);
    const exposed = argumentsOf('EXPOSE').join(' ').split(' ');
    for (const port of vedette!.ports) {
      const inside = port.split(':').at(-1)!;
      expect(exposed).toContain(inside.includes('/') ? inside : `${inside}/tcp`);
    }
    expect(vedette!.volumes.map((mount) => mount.split(':')[1])).toEqual(argumentsOf('VOLUME'));
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(vedette!.image).toBe(`vedette:${version}`);
  });
});

describe('settings', () => {
  it.each(['Dockerfile', 'compose.yml', 'healthcheck.js', 'vedette.service', 'README.md'])('in %s exist', (file) => {
    const found = variablesIn(read(`deploy/${file}`));
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((variable) => !variables.has(variable))).toEqual([]);
  });
});

describe('vedette.service', () => {
  const analyze = spawnSync('systemd-analyze', ['--version']);
  if (analyze.error) console.warn('systemd-analyze is not installed: deploy/vedette.service is not checked');

  it.skipIf(analyze.error !== undefined)('is a unit that systemd accepts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-unit-'));
    try {
      // The installation folder stands for this tree.
      const unit = read('deploy/vedette.service').replaceAll('/opt/vedette/', ROOT.endsWith('/') ? ROOT : `${ROOT}/`);
      writeFileSync(join(folder, 'vedette.service'), unit);
      const result = spawnSync('systemd-analyze', ['verify', join(folder, 'vedette.service')], { encoding: 'utf8' });
      expect(result.stderr.split('\n').filter((line) => line.includes('vedette'))).toEqual([]);
      expect(result.status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('rehearse.sh', () => {
  it('is a script that bash can read', () => {
    expect(execFileSync('bash', ['-n', join(ROOT, 'deploy/rehearse.sh')], { encoding: 'utf8' })).toBe('');
  });
});
