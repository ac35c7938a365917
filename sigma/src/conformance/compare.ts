/** For tests: our matches on the corpora's Windows events against the peer's. */
import type { Ruleset } from '../index.ts';
import { readIndex, readLines } from './corpora.ts';
import { windowsView } from './windows-view.ts';

type Json = Record<string, unknown>;

export interface Mismatch {
  where: string;
  /** From 1; 0 when the peer gives no line. */
  line: number;
  extra: string[];
  missing: string[];
}

/** Ids of the rules that match a record, routed by the channel it was logged to. */
export function matchRecord(ruleset: Ruleset, document: Json): string[] {
  const system = ((document['Event'] as Json | undefined)?.['System'] ?? document) as Json;
  const channel = typeof system['Channel'] === 'string' ? system['Channel'] : '';
  const engine = ruleset.route({ product: 'windows', channel, code: String(system['EventID'] ?? '') });
  return engine === null ? [] : engine.match(windowsView(document)).map(({ rule }) => rule.id);
}

/**
 * Every file of the evtx and otrf corpora. A line's matches are compared for the rules that the peer lists by line; the
 * other rules by file, where they are reported with the first line of ours.
 */
export function compareCorpora(corpora: string, ruleset: Ruleset): Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (const corpus of ['evtx', 'otrf']) {
    for (const entry of readIndex(corpora, corpus)) {
      const report = reporter(`${corpus}/${entry.file}`, mismatches);
      const byLine = new Set(Object.values(entry.per_line).flat());
      const seen = new Map<string, number>();
      readLines(corpora, corpus, entry.file).forEach((text, index) => {
        const line = index + 1;
        const ours = matchRecord(ruleset, JSON.parse(text) as Json);
        const theirs = entry.per_line[line] ?? [];
        const allowed = entry.may_4688_per_line[line] ?? [];
        report(
          line,
          ours.filter((id) => byLine.has(id) && !theirs.includes(id) && !allowed.includes(id)),
          theirs.filter((id) => !ours.includes(id)),
        );
        for (const id of ours) if (!allowed.includes(id) && !seen.has(id)) seen.set(id, line);
      });
      for (const [id, line] of seen) if (!entry.rules.includes(id)) report(line, [id], []);
      for (const id of entry.rules) if (!byLine.has(id) && !seen.has(id)) report(0, [], [id]);
    }
  }
  return mismatches;
}

function reporter(where: string, mismatches: Mismatch[]) {
  return (line: number, extra: string[], missing: string[]): void => {
    if (extra.length + missing.length === 0) return;
    const known = mismatches.find((mismatch) => mismatch.where === where && mismatch.line === line);
    if (known === undefined) mismatches.push({ where, line, extra, missing });
    else {
      known.extra.push(...extra);
      known.missing.push(...missing);
    }
  };
}
