/**
 * Takes the README's screenshots: starts the product over an empty folder, sends a morning's worth of made-up logs, and
 * photographs the pages. Run it with `node e2e/src/readme-images.ts` after the console has changed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from './browser.ts';
import { eventually, REPOSITORY, removeDirectory, startProduct, temporaryDirectory } from './product.ts';
import { seeded } from './torture.ts';

const IMAGES = join(REPOSITORY, 'docs/images');
const HOUR_MS = 3_600_000;
const random = seeded(11);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const now = Date.now();
const iso = (ms: number) => new Date(ms).toISOString();

function authentication(): string[] {
  return Array.from({ length: 900 }, (_, i) => {
    const at = iso(now - 24 * HOUR_MS + i * 96_000);
    const user = pick(['anna', 'ben', 'clara', 'deploy', 'backup']);
    const ip = `10.0.${pick([1, 2, 3])}.${20 + Math.floor(random() * 30)}`;
    const what = random() < 0.94 ? 'Accepted publickey' : 'Failed password';
    return `${at} ${pick(['web1', 'web2', 'db1', 'gate'])} sshd[${2000 + i}]: ${what} for ${user} from ${ip} port ${40000 + i} ssh2`;
  });
}

function attack(ip: string, users: readonly string[], times: number, before: number): string[] {
  return Array.from({ length: times }, (_, i) => {
    const at = iso(now - before + i * 2000);
    return `${at} gate sshd[${9000 + i}]: Failed password for invalid user ${pick(users)} from ${ip} port ${30000 + i} ssh2`;
  });
}

function intrusion(): string[] {
  const stamp = (ms: number) => iso(ms).replace('T', ' ').replace('.', ',').replace('Z', '');
  return Array.from({ length: 260 }, (_, i) => {
    const severity = pick(['low', 'low', 'low', 'medium', 'medium', 'high', 'critical']);
    const from = pick(['198.51.100.17', '203.0.113.66', '192.0.2.41', '198.51.100.90', '203.0.113.9']);
    const what = pick([
      'Port scanning',
      'PING NMAP',
      'SQL Injection',
      'Cross-site scripting (XSS)',
      'Malicious traffic',
    ]);
    const protocol = pick(['TCP', 'UDP', 'HTTP', 'DNS']);
    return `${stamp(now - i * 300_000)} - ids_logger_1 - ${severity}_severity - ${protocol} - ${from}:${1024 + i} --> 10.0.0.${10 + (i % 9)}:${pick([22, 53, 80, 443])} - SYN - ${what}`;
  });
}

function requests(): string[] {
  return Array.from({ length: 1200 }, (_, i) => {
    const at = new Date(now - i * 70_000)
      .toUTCString()
      .replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
    const path =
      i === 7
        ? '/search?q=%27%20UNION%20SELECT%20password%20FROM%20users--'
        : pick(['/', '/docs', '/api/items', '/login', '/img/logo.svg']);
    const ip = i === 7 ? '203.0.113.66' : `10.0.4.${10 + Math.floor(random() * 60)}`;
    return `${ip} - - [${at}] "GET ${path} HTTP/1.1" ${pick([200, 200, 200, 304, 404])} ${Math.floor(random() * 9000)} "-" "Mozilla/5.0"`;
  });
}

const settings = await temporaryDirectory();
writeFileSync(join(settings, 'ipsum.txt'), '203.0.113.66\t9\n198.51.100.17\t4\n192.0.2.41\t2\n');
writeFileSync(join(settings, 'vedette.yaml'), `intel: { ipsum: ${join(settings, 'ipsum.txt')} }\n`);
const product = await startProduct({ args: ['--config', join(settings, 'vedette.yaml')] });
const browser = await launchChromium();
try {
  await product.addUser('ada', 'three unrelated words', 'admin');
  const key = await product.key('ingest,read');
  const sources: [string, string[]][] = [
    ['auth', authentication()],
    ['gate', attack('203.0.113.66', ['root', 'admin', 'oracle', 'test'], 46, 20 * 60_000)],
    ['gate', attack('198.51.100.17', ['root'], 14, 5 * HOUR_MS)],
    ['sensor', intrusion()],
    ['shop', requests()],
  ];
  for (const [source, lines] of sources) {
    const response = await product.post(`/api/v1/events?source=${source}`, key, lines.join('\n'), {
      'content-type': 'text/plain',
    });
    if (!response.ok) throw new Error(await response.text());
  }
  await eventually(async () => {
    const { items } = await product.get<{ items: unknown[] }>('/api/v1/alerts', key);
    return items.length > 3;
  });
  const page = await browser.newPage({
    viewport: { width: 1440, height: 860 },
    reducedMotion: 'reduce',
    colorScheme: 'light',
  });
  await page.goto(`${product.url}/sign-in`);
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill('three unrelated words');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByTestId('tile-events').waitFor();
  const photograph = async (name: string, path: string, prepare?: () => Promise<unknown>) => {
    await page.goto(product.url + path);
    await page.getByRole('main').waitFor();
    await prepare?.();
    await sleep(1500);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  };
  await photograph('overview', '/?range=24h');
  await photograph('alerts', '/alerts?range=24h', () =>
    page.getByTestId('alert-row').filter({ hasText: 'SSH brute force' }).first().click(),
  );
  await photograph('hunt', '/hunt?range=24h&q=source.ip%3A203.0.113.66');
  await photograph('sources', '/sources?range=24h');
} finally {
  await browser.close();
  await product.stop();
  await removeDirectory(product.directory);
  await removeDirectory(settings);
}
