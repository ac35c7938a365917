import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vedette } from '../testing/vedette.ts';

interface Request {
  path: string;
  key: string;
  type: string;
  authorization: string;
  lines: string[];
}

/** Speaks the ingest protocol: takes lines, refuses those that hold "broken", knows Idempotency-Keys. */
let server: Server;
let url: string;
let folder: string;
let requests: Request[];
let stored: string[];
let seen: Map<string, number>;
/** Consulted before a request is taken; true when it has answered. */
let interfere: (request: Request, response: ServerResponse) => boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-send-'));
  requests = [];
  stored = [];
  seen = new Map();
  interfere = () => false;
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = gunzipSync(Buffer.concat(await message.toArray()));
  const request: Request = {
    path: message.url!,
    key: String(message.headers['idempotency-key']),
    type: String(message.headers['content-type']),
    authorization: String(message.headers.authorization),
    lines: body.toString('latin1').split('\n').slice(0, -1),
  };
  requests.push(request);
  if (interfere(request, response)) return;
  const { lines } = request;
  if (seen.has(request.key))
    return reply(response, 200, { accepted: 0, duplicates: seen.get(request.key), rejected: [] });
  const rejected = lines.flatMap((line, index) =>
    line.includes('broken') ? [{ index, code: 'bad_json', message: `not JSON: ${line}` }] : [],
  );
  stored.push(...lines.filter((line) => !line.includes('broken')));
  seen.set(request.key, lines.length);
  reply(response, 200, { accepted: lines.length - rejected.length, duplicates: 0, rejected });
}

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}`);
const send = (...args: string[]) => vedette(['send', '--url', url, '--key', 'secret', ...args]);

describe('vedette send', () => {
  it('ships text in batches, in order, compressed, with the key', async () => {
    const { code, stdout } = await send(file('a.log', numbered(1200).join('\n')));
    expect(code).toBe(0);
    expect(stdout).toMatch(/accepted 1200 {2}duplicates 0 {2}rejected 0/);
    expect(requests.map(({ lines }) => lines.length)).toEqual([500, 500, 200]);
    expect(stored).toEqual(numbered(1200));
    expect(requests[0]).toMatchObject({ type: 'text/plain', authorization: 'Bearer secret' });
    expect(requests[0]!.path).toBe('/api/v1/events?source=a.log');
  });

  it('sends JSON lines as NDJSON, opens gzip, and passes format, lane and source on', async () => {
    const path = file('b.jsonl.gz', gzipSync('{"a":1}\n\n{"a":2}\n'));
    const { code } = await send(path, '--format', 'json', '--lane', 'history', '--source', 'web 1', '--batch', '1');
    expect(code).toBe(0);
    expect(requests.map(({ type, lines }) => [type, ...lines])).toEqual([
      ['application/x-ndjson', '{"a":1}'],
      ['application/x-ndjson', '{"a":2}'],
    ]);
    expect(requests[0]!.path).toBe('/api/v1/events?source=web+1&format=json&lane=history');
  });

  it('keeps a file text when only its first line looks like JSON', async () => {
    await send(file('c.log', '{not json}\nplain\n'));
    expect(requests[0]!.type).toBe('text/plain');
  });

  it('names rejected events by file and line, with control characters made visible', async () => {
    const path = file('d.jsonl', '{"a":1}\n\n{"a":"broken \u001b[31m"}\n{"a":3}\n');
    const { code, stdout, stderr } = await send(path);
    expect(code).toBe(0);
    expect(stdout).toContain('accepted 2  duplicates 0  rejected 1');
    expect(stderr).toContain(`${path}:3 bad_json`);
    expect(stderr).toContain('\\x1b[31m');
    expect(stderr).not.toContain('\u001b[31m');
  });

  it('waits out 429 and 503 and lost answers without doubling anything', async () => {
    let calls = 0;
    interfere = (_, response) => {
      calls++;
      if (calls === 1)
        reply(response, 429, { error: { code: 'journal_full', message: 'full' } }, { 'retry-after': '0' });
      else if (calls === 2) reply(response, 503, { error: { code: 'unavailable', message: 'starting' } });
      else return false;
      return true;
    };
    const path = file('e.log', numbered(10).join('\n'));
    const { code, stdout, stderr } = await send(path);
    expect(code).toBe(0);
    expect(stderr).toContain('full; trying again');
    expect(stdout).toContain('accepted 10');
    expect(new Set(requests.map(({ key }) => key)).size).toBe(1);
    expect(stored).toEqual(numbered(10));
  });

  it('counts a repeated run as duplicates, unless told to send again', async () => {
    const path = file('f.log', numbered(600).join('\n'));
    await send(path);
    const second = await send(path);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('accepted 0  duplicates 600');
    expect((await send(path, '--again')).stdout).toContain('accepted 600');
    // Another lane, source or format is another upload.
    expect((await send(path, '--lane', 'history')).stdout).toContain('accepted 600');
  });

  it('splits what is too large and rejects a single event that is', async () => {
    interfere = ({ lines }, response) => {
      if (lines.length === 1 && !lines[0]!.startsWith('huge')) return false;
      if (lines.length < 3 && !lines.some((line) => line.startsWith('huge'))) return false;
      reply(response, 413, { error: { code: 'too_large', message: 'too large' } });
      return true;
    };
    const { stdout, stderr } = await send(file('g.log', 'one\ntwo\nhuge\nfour\nfive\n'));
    expect(stored).toEqual(['one', 'two', 'four', 'five']);
    expect(stdout).toContain('accepted 4  duplicates 0  rejected 1');
    expect(stderr).toContain('g.log:3 too_large');
  });

  it('reads standard input, names what is no text, and reports as JSON', async () => {
    const binary = file('h.bin', Buffer.from([1, 0, 2, 0]));
    const path = file('i.log', 'from a file\n');
    const { code, stdout } = await vedette(['send', path, binary, '-', '--url', url, '--json'], {
      input: 'from a pipe\n',
      env: { VEDETTE_KEY: 'secret' },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 2,
      accepted: 2,
      duplicates: 0,
      rejected: 0,
      skipped: [{ file: binary, reason: 'binary' }],
    });
    expect(requests.map(({ path: p }) => p)).toEqual(['/api/v1/events?source=i.log', '/api/v1/events?source=stdin']);
  });

  it('says what to do when the server cannot be reached or refuses the key', async () => {
    const path = file('j.log', 'x\n');
    const away = await vedette(['send', path, '--url', 'http://127.0.0.1:1', '--key', 'k', '--attempts', '2']);
    expect(away.code).toBe(1);
    expect(away.stderr).toContain('is the server running (vedette up)?');
    interfere = (_, response) => {
      reply(response, 401, { error: { code: 'unauthenticated', message: 'Sign in.' } });
      return true;
    };
    const refused = await send(path);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('vedette key create');
  });

  it('answers wrong usage with 2', async () => {
    expect((await vedette(['send'])).code).toBe(2);
    expect((await vedette(['send', 'x', '--url', url])).code).toBe(2);
    expect((await send(join(folder, 'missing.log'))).code).toBe(2);
    expect((await send('x', '--batch', '0')).code).toBe(2);
    expect((await send('x', '--lane', 'exercise')).code).toBe(2);
    expect((await vedette(['send', '--help'])).stdout).toContain('Examples:');
  });
});
