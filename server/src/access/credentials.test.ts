import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCredential, SESSION_COOKIE } from './credentials.ts';
import { randomKey } from './secrets.ts';

const { key } = randomKey();
const base64 = (text: string) => Buffer.from(text).toString('base64');
const read = (authorization?: string, cookie?: string) =>
  readCredential({ ...(authorization !== undefined && { authorization }) }, { [SESSION_COOKIE]: cookie });

describe('readCredential', () => {
  it.each([
    ['Bearer', `Bearer ${key}`],
    ['lower case', `bearer ${key}`],
    ['Elasticsearch, verbatim', `ApiKey ${key}`],
    ['Elasticsearch, id and key', `ApiKey ${base64(`some-id:${key}`)}`],
    ['Elasticsearch, encoded whole', `ApiKey ${base64(key)}`],
    ['Basic password', `Basic ${base64(`rsyslog:${key}`)}`],
    ['Basic without user', `Basic ${base64(`:${key}`)}`],
    ['Splunk', `Splunk ${key}`],
  ])('takes the key as %s', (_name, header) => {
    expect(read(header)).toEqual({ kind: 'key', key });
  });

  it('takes an access token', () => {
    expect(read('Bearer a.b.c')).toEqual({ kind: 'token', token: 'a.b.c' });
  });

  it('takes the cookie only without an Authorization header', () => {
    expect(read(undefined, 'secret')).toEqual({ kind: 'cookie', secret: 'secret' });
    expect(read('Bearer nonsense', 'secret')).toEqual({ kind: 'unreadable' });
    expect(read()).toEqual({ kind: 'none' });
    expect(read(undefined, '')).toEqual({ kind: 'none' });
  });

  it.each(['', 'Bearer', 'Bearer ', key, `Digest ${key}`, 'Basic !!!', `Basic ${base64('a:b')}`, `Bearer ${key}x`])(
    'cannot read %j',
    (header) => {
      expect(read(header, 'secret')).toEqual({ kind: 'unreadable' });
    },
  );

  it('does not look at endless headers', () => {
    expect(read(`Bearer ${'a.'.repeat(10_000)}`)).toEqual({ kind: 'unreadable' });
  });

  it('never throws', () => {
    const scheme = fc.constantFrom('Bearer ', 'Basic ', 'ApiKey ', 'Splunk ', '');
    fc.assert(
      fc.property(scheme, fc.string({ unit: 'binary' }), (word, text) => {
        expect(['key', 'token', 'unreadable']).toContain(read(word + text).kind);
      }),
    );
  });
});
