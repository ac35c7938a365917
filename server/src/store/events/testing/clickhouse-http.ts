/**
 * ClickHouse's HTTP interface over the embedded engine, for tests: enough of it for the official client — queries with
 * parameters, inserts in Native format, errors with their codes, cancelling by closing the connection. It proves that
 * the store speaks the wire as the client does and that its SQL and blocks work; it proves nothing about replication or
 * a cluster's behaviour.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startChdb, type ChdbProcess } from '../chdb-process.ts';
import { textLiteral } from '../queries/literals.ts';

export interface ClickHouseHttp {
  url: string;
  close(): Promise<void>;
}

export async function serveClickHouse(directory: string): Promise<ClickHouseHttp> {
  const data = join(directory, 'engine');
  mkdirSync(data, { recursive: true });
  const settings = {
    directory: data,
    readSessions: 3,
    maxMemory: 1024 ** 3,
    readMemory: 1024 ** 3,
    readSeconds: 30,
    readResultBytes: 1024 ** 3,
  };
  const engine = await startChdb(settings, () => Promise.resolve());
  let files = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://localhost');
    if (url.pathname === '/ping') return void response.end('Ok.\n');
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort(new Error('the client went away'));
    });
    try {
      const body = await bodyOf(request);
      const { query, params } = await statement(request, url, body);
      const rows = await run(
        engine,
        query,
        params,
        url,
        () => {
          const file = join(directory, `body-${++files}.native`);
          writeFileSync(file, body);
          return file;
        },
        gone.signal,
      );
      response.setHeader('X-ClickHouse-Summary', '{}');
      response.setHeader('Content-Type', 'application/x-ndjson');
      response.end(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    } catch (error) {
      const { message } = error as Error;
      response.statusCode = 500;
      response.setHeader('X-ClickHouse-Exception-Code', /Code: (\d+)/.exec(message)?.[1] ?? '1001');
      response.end(message);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
    },
  };
}

async function run(
  engine: ChdbProcess,
  query: string,
  params: Record<string, unknown>,
  url: URL,
  bodyFile: () => string,
  signal: AbortSignal,
): Promise<Record<string, unknown>[]> {
  const insert = /^INSERT INTO (\w+) \(([^)]+)\) FORMAT Native\s*$/.exec(query);
  if (insert) {
    const settings = [...url.searchParams]
      .filter(([name]) => /(insert|block|dedup|parallel)/.test(name))
      .map(([name, value]) => `${name} = ${/^\d+$/.test(value) ? value : textLiteral(value)}`);
    const select = `SELECT ${insert[2]!} FROM file(${textLiteral(bodyFile())}, Native)`;
    return engine.write(`INSERT INTO ${insert[1]!} (${insert[2]!}) ${select} SETTINGS ${settings.join(', ')}`);
  }
  const select = /^(SELECT[^]*?)\s*FORMAT JSONEachRow\s*$/.exec(query)?.[1];
  return select === undefined ? engine.write(query) : engine.read({ text: select, params }, { signal });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The statement stands in the URL (with data as the body), in the body, or in a part of a multipart body. */
async function statement(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
): Promise<{ query: string; params: Record<string, unknown> }> {
  const type = request.headers['content-type'] ?? '';
  const parts = new Map<string, string>(url.searchParams);
  if (type.startsWith('multipart/')) {
    const form = await new Response(Uint8Array.from(body), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) parts.set(name, String(value));
  } else if (!parts.has('query')) parts.set('query', body.toString());
  const query = parts.get('query')!;
  const params: Record<string, unknown> = {};
  for (const [, name, kind] of query.matchAll(/\{(p\d+):([^}]+)\}/g))
    params[name!] = valueOf(parts.get(`param_${name!}`) ?? '', kind!);
  return { query, params };
}

/** A parameter's text as the client writes it → a value to bind. */
function valueOf(text: string, kind: string): unknown {
  if (kind.startsWith('Array'))
    return [...text.matchAll(/'((?:[^'\\]|\\.)*)'|(\d+)/gs)].map(([, quoted, number]) =>
      number === undefined ? unescape(quoted!) : Number(number),
    );
  return /^(U?Int|Float)/.test(kind) ? Number(text) : unescape(text);
}

function unescape(text: string): string {
  const named: Record<string, string> = { t: '\t', n: '\n', r: '\r' };
  return text.replace(/\\(.)/gs, (_, character: string) => named[character] ?? character);
}
