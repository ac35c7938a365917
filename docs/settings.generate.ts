/**
 * Writes docs/settings.md from the settings themselves: `node docs/settings.generate.ts`. A test holds the page to them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { configSchema, SETTINGS, type Setting } from '../server/src/config.ts';

export const SETTINGS_PAGE = fileURLToPath(new URL('settings.md', import.meta.url));

const HEAD = `# Settings

<!-- Made by docs/settings.generate.ts: change the descriptions in server/src/config.ts. -->

Every setting has a name in \`vedette.yaml\`, an environment variable and a default. The command line wins over the
environment, the environment over the file, the file over the defaults. \`vedette up\` reads \`vedette.yaml\` of its working
folder when there is one, or the file that \`--config\` names. A wrong or unknown setting stops the start with a message that
says which one and where it was given; \`vedette doctor\` tells without starting anything.

\`\`\`yaml
# vedette.yaml: dots in names are levels
data: /var/lib/vedette
tls:
  enabled: true
  names: [siem.example.org]
syslog:
  allowFrom: [10.0.0.0/8]
files:
  - path: /var/log/auth.log
  - path: /var/log/nginx/*.log
    source: web1 nginx
\`\`\`

In the environment, and on the command line, lists are written with commas (\`VEDETTE_SYSLOG_ALLOW_FROM=10.0.0.0/8,::1\`) and
lists of mappings as YAML or JSON (\`VEDETTE_FILES=[{path: /var/log/auth.log}]\`). Relative paths start at the working folder.

| setting | variable | default | what it is for |
| --- | --- | --- | --- |
`;

const TAIL = `
An entry of \`files\` has these keys: \`path\` (a file, a folder or a pattern), and optionally \`source\`, \`format\` (see
[sources.md](sources.md#formats)) and \`lane\` (\`live\` or \`history\`).
`;

/** The page as it should be. */
export async function settingsPage(): Promise<string> {
  const defaults = configSchema.parse({});
  const rows = SETTINGS.map((setting) => row(setting, defaultOf(setting, defaults)));
  const options = JSON.parse(readFileSync(new URL('../.prettierrc.json', import.meta.url), 'utf8')) as object;
  return format(`${HEAD}${rows.join('\n')}\n${TAIL}`, { ...options, parser: 'markdown' });
}

function row({ name, variable, description }: Setting, value: string): string {
  return `| \`${name}\` | \`${variable}\` | ${value} | ${description} |`;
}

/** Defaults that depend on the machine, in words. */
const IN_WORDS: Readonly<Record<string, string>> = { workers: 'cores − 1' };

function defaultOf({ name }: Setting, defaults: unknown): string {
  if (Object.hasOwn(IN_WORDS, name)) return IN_WORDS[name]!;
  let value: unknown = defaults;
  for (const step of name.split('.')) value = (value as Record<string, unknown>)[step];
  if (name === 'data') value = `./${relative('', value as string)}`;
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '–';
  return `\`${String(value)}\``;
}

if (import.meta.main) writeFileSync(SETTINGS_PAGE, await settingsPage());
