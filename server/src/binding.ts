/** Where the server may listen: beyond this machine only over a channel that nobody reads along. */
import ipaddr from 'ipaddr.js';
import type { Config } from './config.ts';

/** Listening beyond this machine needs a channel that cannot be read along. Says what to do, or undefined when safe. */
export function unsafeBinding(config: Pick<Config, 'host' | 'behindProxy' | 'tls'>): string | undefined {
  if (isLoopback(config.host) || config.tls.enabled || config.behindProxy) return undefined;
  return (
    `Listening on ${config.host} would send passwords and logs in the clear. Set tls.enabled (--tls), ` +
    'or behindProxy (--behind-proxy) when a proxy in front ends TLS, or listen on 127.0.0.1.'
  );
}

/** Throws what `unsafeBinding` says. */
export function assertSafeBinding(config: Pick<Config, 'host' | 'behindProxy' | 'tls'>): void {
  const reason = unsafeBinding(config);
  if (reason !== undefined) throw new Error(reason);
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
