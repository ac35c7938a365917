/** Rule files below folders, as texts. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, reasonOf } from '../output/command-error.ts';
import type { RuleFile } from './rule-tests.ts';

/** Every `.yml` and `.yaml` file at or below the paths, sorted. Throws `CommandError` for a path that does not exist. */
export function readRuleFiles(paths: readonly string[]): RuleFile[] {
  return paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return [{ path, text: readFileSync(path, 'utf8') }];
      const entries = readdirSync(path, { recursive: true, withFileTypes: true });
      const names = entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name));
      return names
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((file) => ({ path: file, text: readFileSync(file, 'utf8') }));
    } catch (error) {
      throw new CommandError(`${path}: ${reasonOf(error)}`, 2);
    }
  });
}
