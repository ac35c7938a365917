import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdmissionError, DEFAULT_LIMITS, type Admitted, type AdmissionRequest } from './admitted.ts';
import { admit } from './admit.ts';

const request = (change: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  kind: 'events',
  contentType: 'application/json',
  contentEncoding: '',
  format: '',
  index: '',
  ...change,
});
const bytes = (text: string) => Buffer.from(text);
const linesOf = (admitted: Admitted) =>
  admitted.batches.flatMap(({ payload }) =>
    Buffer.from(payload)
      .toString()
      .split('\n')
      .filter((line) => line !== ''),
  );
const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof AdmissionError) return error.code;
    throw error;
  }
  return 'none';
};

describe('what a body may be', () => {
  it.each([
    ['one object', '{"a":1}', ['{"a":1}']],
    ['one object over several lines', '{\n  "a": 1,\r\n  "b": [1,\n2]\n}\n', ['{   "a": 1,    "b": [1, 2] }']],
    ['an array', ' [ {"a":1} , {"b":"],[{"} ] ', ['{"a":1}', '{"b":"],[{"}']],
    ['an array over several lines', '[\n{"a":\n1},\n{"b":2}\n]', ['{"a": 1}', '{"b":2}']],
    ['an empty array', '[]', []],
    ['lines', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['lines with empty ones and returns', '\r\n{"a":1}\r\n\r\n  {"b":2}  ', ['{"a":1}', '{"b":2}']],
    ['a byte order mark', '\ufeff{"a":1}', ['{"a":1}']],
    [
      'numbers as they were written',
      '{"big":12345678901234567890,"one":1.0}',
      ['{"big":12345678901234567890,"one":1.0}'],
    ],
    ['escaped quotes', '[{"a":"\\"},{\\\\"}]', ['{"a":"\\"},{\\\\"}']],
    ['a name twice over', '{"__proto__":{"x":1},"constructor":1}', ['{"__proto__":{"x":1},"constructor":1}']],
  ])('%s', (_name, body, lines) => {
    const admitted = admit(bytes(body), request());
    expect(linesOf(admitted)).toEqual(lines);
    expect(admitted.rejected).toEqual([]);
    for (const { count, offsets, items } of admitted.batches) {
      expect(count).toBe(lines.length);
      expect([...items]).toEqual(lines.map((_, i) => i));
      expect(offsets).toHaveLength(lines.length + 1);
    }
  });

  it('keeps 499 of 500 lines when one is broken, and says which and why', () => {
    const lines = Array.from({ length: 500 }, (_, i) => (i === 250 ? '{"broken": ' : `{"n":${i}}`));
    for (const contentType of ['application/x-ndjson', 'application/json', '']) {
      const admitted = admit(bytes(lines.join('\n')), request({ contentType }));
      expect(admitted.batches[0]!.count).toBe(499);
      expect(admitted.rejected).toMatchObject([{ index: 250, code: 'bad_json' }]);
      expect(admitted.rejected[0]!.message).toMatch(/JSON/);
      expect(Buffer.from(admitted.rejected[0]!.raw).toString()).toBe('{"broken":');
    }
  });

  it('rejects single elements of an array', () => {
    const deep = `{"a":${'['.repeat(64)}${']'.repeat(64)}}`;
    const fine = `{"a":${'['.repeat(63)}${']'.repeat(63)}}`;
    const admitted = admit(bytes(`[{"a":1}, 5, "x", null, [], {"b":}, ${deep}, ${fine}, {"c":3} {"d":4}]`), request());
    expect(admitted.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'invalid'],
      [2, 'invalid'],
      [3, 'invalid'],
      [4, 'invalid'],
      [5, 'bad_json'],
      [6, 'too_deep'],
      [8, 'bad_json'],
    ]);
    expect([...admitted.batches[0]!.items]).toEqual([0, 7]);
  });

  it('rejects an event that is too large, keeps a bounded piece of it, and goes on', () => {
    const body = `{"a":"${'x'.repeat(1024 * 1024)}"}\n{"b":1}`;
    for (const change of [{}, { contentType: 'text/plain' }]) {
      const admitted = admit(bytes(body), request(change));
      expect(admitted.rejected).toMatchObject([{ index: 0, code: 'line_too_long' }]);
      expect(admitted.rejected[0]!.raw).toHaveLength(64 * 1024);
      expect(linesOf(admitted)).toEqual(['{"b":1}']);
    }
  });

  it.each([
    ['', 'bad_request'],
    [' \n ', 'bad_request'],
    ['[{"a":1}', 'bad_json'],
    ['[{"a":1}] x', 'bad_json'],
    ['[{"a":"]', 'bad_json'],
    ['{"source":5,"events":[]}', 'bad_json'],
    ['['.repeat(100_000), 'bad_json'],
  ])('refuses %j as a whole', (body, code) => {
    expect(codeOf(() => admit(bytes(body), request()))).toBe(code);
  });

  it('survives nesting that would end a recursive parser', () => {
    const body = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(admit(bytes(body), request()).rejected).toMatchObject([{ code: 'too_deep' }]);
  });

  it('refuses a body that is broken throughout, and one with too many events', () => {
    expect(codeOf(() => admit(bytes('x\n'.repeat(1001)), request()))).toBe('invalid');
    const limits = { ...DEFAULT_LIMITS, maxEvents: 3 };
    for (const body of ['{}\n{}\n{}\n{}', '[{},{},{},{}]', '{"source":"auth","events":[{},{},{},{},{}]}'])
      expect(codeOf(() => admit(bytes(body), request(), limits))).toBe('too_large');
  });

  it('takes events that are not UTF-8 as they are', () => {
    const body = Buffer.from('{"user":"Ren\xe9"}\n{"b":2}', 'latin1');
    const admitted = admit(body, request());
    expect(admitted.batches[0]!.count).toBe(2);
    expect(Buffer.from(admitted.batches[0]!.payload)).toEqual(Buffer.concat([body, bytes('\n')]));
  });
});

describe('plain text', () => {
  it.each([
    { contentType: 'text/plain' },
    { contentType: '' },
    { contentType: 'application/x-www-form-urlencoded' },
    { contentType: '', format: 'sshd' },
    { contentType: 'application/json', format: 'sshd' },
  ])('%j', (change) => {
    const text = '  indented\n\nFeb  6 12:00:00 web1 sshd[1]: x\r\n[not json\nlast';
    const admitted = admit(bytes(text), request(change));
    expect(admitted.batches).toMatchObject([{ count: 4, source: '', clientIds: undefined }]);
    expect(Buffer.from(admitted.batches[0]!.payload).toString()).toBe(text);
  });

  it('is told from JSON where nobody says', () => {
    const line = '[2023-07-23 21:03:47,072] - access_logger_1 - 198.51.100.4 - david "GET /x HTTP/1.1 202 90178"';
    expect(linesOf(admit(bytes(`${line}\n${line}`), request({ contentType: '' })))).toEqual([line, line]);
    expect(codeOf(() => admit(bytes(line), request()))).toBe('bad_json');
    const json = '[{"a":1}]';
    for (const change of [{ contentType: '' }, { contentType: 'application/json', format: 'sshd' }])
      expect(linesOf(admit(bytes(json), request(change)))).toEqual(['{"a":1}']);
  });

  it('does not make lines of JSON because a JSON format is named', () => {
    expect(linesOf(admit(bytes('[{"a":1}]'), request({ contentType: '', format: 'json' })))).toEqual(['{"a":1}']);
  });
});

describe('ids', () => {
  it.each([
    ['{"_id":"x1","a":1}', 'x1', '{"a":1}'],
    ['{"a":1,"_id":"x1"}', 'x1', '{"a":1}'],
    ['{ "a":1 , "_id" : 7 , "b": 1.0 }', '7', '{ "a":1 , "b": 1.0 }'],
    ['{"_id":"x1"}', 'x1', '{}'],
    ['{"\\u005fid":"x1","a":1}', 'x1', '{"a":1}'],
    ['{"_id":"x1","_id":"x2","a":1}', 'x2', '{"a":1}'],
    ['{"a":{"_id":"inner"}}', undefined, '{"a":{"_id":"inner"}}'],
  ])('of %s', (body, id, rest) => {
    const admitted = admit(bytes(body), request());
    expect(admitted.batches[0]!.clientIds).toEqual(id === undefined ? undefined : [id]);
    expect(linesOf(admitted).map((line) => JSON.parse(line) as unknown)).toEqual([JSON.parse(rest)]);
  });

  it('rejects ids that are none', () => {
    const admitted = admit(bytes(`[{"_id":{}},{"_id":""},{"_id":"${'x'.repeat(513)}"},{"_id":null}]`), request());
    expect(admitted.rejected.map(({ code }) => code)).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
  });

  it('cuts out the id and nothing else', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
        fc.string({ minLength: 1 }),
        fc.nat(),
        (rest, id, at) => {
          delete rest['_id'];
          const members = Object.entries(rest).map(
            ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
          );
          members.splice(at % (members.length + 1), 0, `"_id" :${JSON.stringify(id)}`);
          const admitted = admit(bytes(`{${members.join(' ,\n')}}`), request());
          expect(admitted.batches[0]!.clientIds).toEqual([id]);
          expect(JSON.parse(linesOf(admitted)[0]!)).toEqual(JSON.parse(JSON.stringify(rest)));
        },
      ),
    );
  });
});

describe('the envelope', () => {
  it('names the mapping in each event that does not name its own', () => {
    const body =
      '{"source": "auth", "events": [ {"user":"root","ip":"10.0.0.1"}, {}, {"_id":"7","source_type":"dns"} ]}';
    const admitted = admit(bytes(body), request());
    expect(admitted).toMatchObject({
      isEnvelope: true,
      batches: [{ source: 'auth', count: 3, clientIds: ['', '', '7'] }],
    });
    expect(linesOf(admitted).map((line) => JSON.parse(line) as unknown)).toEqual([
      { source_type: 'auth', user: 'root', ip: '10.0.0.1' },
      { source_type: 'auth' },
      { source_type: 'dns' },
    ]);
  });

  it.each(['{"source":"auth"}', '{"events":[]}', '{"source":"auth","events":{}}'])('%s is an event', (body) => {
    expect(admit(bytes(body), request())).toMatchObject({ isEnvelope: false, batches: [{ count: 1 }] });
  });
});

describe('compression', () => {
  const body = bytes('{"a":1}\n{"b":2}');
  it.each([
    ['gzip', gzipSync(body)],
    ['GZIP', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['zstd', zstdCompressSync(body)],
    ['deflate', deflateSync(body)],
    ['deflate', deflateRawSync(body)],
    ['identity', body],
    ['gzip', Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":2}')])],
    ['zstd', Buffer.concat([zstdCompressSync('{"a":1}\n'), zstdCompressSync('{"b":2}')])],
  ])('%s', (contentEncoding, compressed) => {
    expect(linesOf(admit(compressed, request({ contentEncoding })))).toEqual(['{"a":1}', '{"b":2}']);
  });

  it.each([
    ['gzip', gzipSync(body)],
    ['zstd', zstdCompressSync(body)],
    ['deflate', deflateSync(body)],
  ])('refuses truncated and foreign %s', (contentEncoding, compressed) => {
    const refused = (bytes: Uint8Array) => codeOf(() => admit(bytes, request({ contentEncoding })));
    expect(refused(compressed.subarray(0, -3))).toBe('bad_encoding');
    expect(refused(compressed.subarray(0, 5))).toBe('bad_encoding');
    expect(refused(bytes('no compression at all'))).toBe('bad_encoding');
    expect(refused(Buffer.concat([compressed, bytes('tail')]))).toBe('bad_encoding');
  });

  it('refuses what it does not know', () => {
    expect(codeOf(() => admit(body, request({ contentEncoding: 'br' })))).toBe('unsupported_media');
    expect(codeOf(() => admit(body, request({ contentEncoding: 'gzip, gzip' })))).toBe('unsupported_media');
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    ['deflate', deflateSync],
  ] as const)('stops a %s bomb at the cap', (contentEncoding, compress) => {
    const bomb = compress(Buffer.alloc(DEFAULT_LIMITS.maxBytes + 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(codeOf(() => admit(bomb, request({ contentEncoding })))).toBe('too_large');
    const frames = Buffer.concat([compress(Buffer.alloc(40 << 20, 0x20)), compress(Buffer.alloc(40 << 20, 0x20))]);
    expect(codeOf(() => admit(frames, request({ contentEncoding })))).toBe('too_large');
  });
});

describe('bulk', () => {
  const bulk = (body: string, index = '') => admit(bytes(body), request({ kind: 'bulk', index }));

  it('pairs actions with documents, by index', () => {
    const admitted = bulk(
      [
        '{"index":{"_index":"a","_id":"1"}}',
        '{"m":1}',
        '{"create":{"_id":2,"pipeline":null}}',
        '{"m":2,"_id":"ignored"}',
        '{"index":{}}',
        '{"m":3,"_id":"own"}',
        '{ "create" : {"_index":"a"} }',
        '{"m":',
        '{"delete":{"_index":"a","_id":"1"}}',
        '{"update":{"_index":"a","_id":"1"}}',
        '{"doc":{}}',
        '{"create":{"_index":"a"}}',
        '{"m":5}',
      ].join('\n'),
      'logs',
    );
    expect(admitted.actions).toEqual([
      { action: 'index', index: 'a', id: '1' },
      { action: 'create', index: 'logs', id: '2' },
      { action: 'index', index: 'logs', id: 'own' },
      { action: 'create', index: 'a', id: '' },
      { action: 'delete', index: 'a', id: '1' },
      { action: 'update', index: 'a', id: '1' },
      { action: 'create', index: 'a', id: '' },
    ]);
    expect(admitted.rejected.map(({ index, code }) => [index, code])).toEqual([
      [3, 'bad_json'],
      [4, 'invalid'],
      [5, 'invalid'],
    ]);
    expect(admitted.batches.map(({ source, items, clientIds }) => [source, [...items], clientIds])).toEqual([
      ['a', [0, 6], ['1', '']],
      ['logs', [1, 2], ['2', 'own']],
    ]);
    expect(linesOf(admitted)).toEqual(['{"m":1}', '{"m":5}', '{"m":2}', '{"m":3}']);
  });

  it.each([
    '',
    '{"index":{}}\n{"m":1}',
    '{"index":{"_index":"a"}}',
    'x\n{}',
    '{"index":{"_index":"a"},"create":{}}\n{}',
    '{"drop":{"_index":"a"}}\n{}',
    '{"__proto__":{"_index":"a"}}\n{}',
    '{"index":{"_index":5}}\n{}',
    '{"index":{"_index":"a","_id":{}}}\n{}',
    '[]\n{}',
    `{"index":{"_index":"a","x":"${'x'.repeat(5000)}"}}\n{}`,
  ])('refuses %j as a whole', (body) => {
    expect(codeOf(() => bulk(body))).toBe('bad_request');
  });

  it('takes only so many indices', () => {
    const body = Array.from({ length: 70 }, (_, i) => `{"index":{"_index":"i${i}"}}\n{}`).join('\n');
    const admitted = bulk(body);
    expect(admitted.batches).toHaveLength(64);
    expect(admitted.rejected).toHaveLength(6);
  });
});

it('never throws anything but its own error', () => {
  const json = fc.json().map((text) => bytes(text));
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    json,
    fc.constantFrom('[', '{', '"', '\n', ',', '\\', '{"index":{}}\n').map(bytes),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.constantFrom('events' as const, 'bulk' as const),
      fc.constantFrom('', 'text/plain', 'application/x-ndjson', 'application/json'),
      (pieces, kind, contentType) => {
        try {
          const { batches, rejected } = admit(Buffer.concat(pieces), request({ kind, contentType, index: 'i' }));
          for (const { payload, count, offsets } of batches) {
            expect(count).toBeGreaterThan(0);
            if (offsets.length === 0) continue;
            expect(Buffer.from(payload).toString('latin1').split('\n')).toHaveLength(count + 1);
          }
          const indices = rejected.map(({ index }) => index);
          expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
        } catch (error) {
          if (!(error instanceof AdmissionError)) throw error;
        }
      },
    ),
    { numRuns: 500 },
  );
});
