/** A requested URL, absolute or a path only, and its parts as queries and rules name them. */
import type { EcsEvent } from '@vedette/contracts';

const MAX_EXTENSION = 16;

/** Sets `url.original`, `url.domain`, `url.path`, `url.query`, `url.extension`: by slicing, since most attacks are no valid URL. */
export function setUrl(event: EcsEvent, url: string): void {
  if (url === '') return;
  event.urlOriginal = url;
  const fragment = url.indexOf('#');
  const end = fragment < 0 ? url.length : fragment;
  const question = url.indexOf('?');
  const pathEnd = question >= 0 && question < end ? question : end;
  const scheme = url.indexOf('://');
  let pathStart = 0;
  if (scheme > 0 && url.indexOf('/') === scheme + 1 && scheme < pathEnd) {
    const slash = url.indexOf('/', scheme + 3);
    pathStart = slash >= 0 && slash < pathEnd ? slash : pathEnd;
    event.setExtra('url.domain', hostOf(url.slice(scheme + 3, pathStart)));
  }
  const path = url.slice(pathStart, pathEnd);
  event.setExtra('url.path', path);
  if (pathEnd === question) event.setExtra('url.query', url.slice(question + 1, end));
  const dot = path.lastIndexOf('.');
  if (dot > path.lastIndexOf('/') && path.length - dot - 1 <= MAX_EXTENSION) {
    event.setExtra('url.extension', path.slice(dot + 1));
  }
}

/** `user:password@host:port` → host. */
function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.startsWith('[')) return host.slice(1, Math.max(1, host.indexOf(']')));
  const colon = host.indexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
}
