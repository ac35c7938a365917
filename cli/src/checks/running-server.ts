/** Whether a Vedette server answers where the settings say it listens. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { healthSchema, type Health } from '@vedette/contracts';
import type { Config } from '@vedette/server/config.ts';

export interface RunningServer {
  url: string;
  health: Health;
}

const TIMEOUT_MS = 3_000;
const MAX_ANSWER = 64 * 1024;

export async function findRunningServer(config: Pick<Config, 'host' | 'port' | 'tls'>): Promise<RunningServer | null> {
  const host = ['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host;
  const url = `${config.tls.enabled ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${config.port}`;
  const text = await read(`${url}/api/v1/health`).catch(() => '');
  const health = healthSchema.safeParse(jsonOf(text));
  return health.success ? { url, health: health.data } : null;
}

function read(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const secure = address.startsWith('https:');
    // Only the own machine is asked whether it is up; nothing secret is sent.
    const options = { timeout: TIMEOUT_MS, ...(secure && { rejectUnauthorized: false }) };
    const request = (secure ? httpsRequest : httpRequest)(address, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER) request.destroy(new Error('too long'));
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end();
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
