import { EcsEvent } from '@vedette/contracts';
import { expect, test } from 'vitest';
import { setUrl } from './url.ts';

function parts(url: string): unknown[] {
  const event = new EcsEvent();
  setUrl(event, url);
  const extra = event.extra ?? {};
  return [event.urlOriginal, ...['domain', 'path', 'query', 'extension'].map((part) => extra[`url.${part}`])];
}

test.each([
  ['/a/b.php?x=../../etc/passwd#f', undefined, '/a/b.php', 'x=../../etc/passwd', 'php'],
  ['http://user:pw@shop.example:8080/p', 'shop.example', '/p', undefined, undefined],
  ['https://[2001:db8::1]:443/', '2001:db8::1', '/', undefined, undefined],
  ['http://shop.example?q=http://x/y', 'shop.example', undefined, 'q=http://x/y', undefined],
  ['/redirect?to=https://evil.example/a.exe', undefined, '/redirect', 'to=https://evil.example/a.exe', undefined],
  ['/?u=a://b/c', undefined, '/', 'u=a://b/c', undefined],
  ['?u=a://b', undefined, undefined, 'u=a://b', undefined],
  ['*', undefined, '*', undefined, undefined],
  ['', undefined, undefined, undefined, undefined],
])('%s', (url, domain, path, query, extension) => expect(parts(url)).toEqual([url, domain, path, query, extension]));
