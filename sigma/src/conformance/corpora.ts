/** For tests and benchmarks: the shared corpora, where they are present. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileRules, parseSigma, type Compiled, type SigmaError } from '../index.ts';

export const CORPORA =
  process.env['VEDETTE_CORPORA'] ?? fileURLToPath(new URL('../../../../shared/corpora', import.meta.url));
export const hasCorpora = existsSync(join(CORPORA, 'sigma', 'rules'));

const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];

export function readLines(corpora: string, ...path: string[]): string[] {
  return readFileSync(join(corpora, ...path), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** A corpus' INDEX.jsonl: which rules the peer fires on which file and line. */
export interface IndexEntry {
  file: string;
  events: number;
  rules: string[];
  per_line: Record<string, string[]>;
  may_4688_per_line: Record<string, string[]>;
}
export const readIndex = (corpora: string, name: string): IndexEntry[] =>
  readLines(corpora, name, 'INDEX.jsonl').map((line) => JSON.parse(line) as IndexEntry);

/** Texts of all SigmaHQ rules by file name. */
export function ruleTexts(corpora: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const folder of RULE_FOLDERS) {
    const root = join(corpora, 'sigma', folder);
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
      if (name.endsWith('.yml')) texts.set(`${folder}/${name}`, readFileSync(join(root, name), 'utf8'));
    }
  }
  return texts;
}

/** All SigmaHQ rules compiled. */
export function compileCorpus(corpora: string): Compiled {
  const errors: SigmaError[] = [];
  const documents = [...ruleTexts(corpora)].flatMap(([file, text]) => {
    const parsed = parseSigma(text, file);
    errors.push(...parsed.errors);
    return parsed.documents;
  });
  const compiled = compileRules(documents);
  return { ruleset: compiled.ruleset, errors: [...errors, ...compiled.errors] };
}
