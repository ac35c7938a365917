import { beforeAll, describe, expect, it } from 'vitest';
import type { Ruleset, SigmaError } from '../index.ts';
import { compareCorpora, matchRecord, type Mismatch } from './compare.ts';
import { compileCorpus, CORPORA, hasCorpora, readIndex, readLines } from './corpora.ts';
import { CORPUS_DIFFERENCES, REGRESSION_DIFFERENCES } from './differences.ts';
import { windowsView } from './windows-view.ts';

if (!hasCorpora) {
  process.stderr.write(`\nSKIPPED: no corpora at ${CORPORA}; set VEDETTE_CORPORA to run Sigma's conformance tests\n\n`);
}

interface RegressionCase {
  id: string;
  rule_id: string;
  event: Record<string, unknown>;
  peer_hits: string[];
}

describe.skipIf(!hasCorpora)('all SigmaHQ rules', () => {
  let ruleset: Ruleset;
  let errors: SigmaError[];
  beforeAll(() => {
    ({ ruleset, errors } = compileCorpus(CORPORA));
  });

  it('load, every one', () => {
    expect(errors.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(ruleset.rules).toHaveLength(3754);
  });

  it('are warned about only where a placeholder needs values', () => {
    expect(errors.map(({ code, file, line }) => [code, file.split('/').at(-1), line])).toEqual([
      ['placeholder_unknown', 'win_security_adcs_certighost_cdc_chase_request.yml', 57],
      ['placeholder_unknown', 'win_security_adcs_certighost_cert_issued_via_chase.yml', 44],
    ]);
  });

  it('fire on their own regression events, and with them what the peer fires', () => {
    const cases = readLines(CORPORA, 'sigma', 'regression', 'cases.jsonl').map(
      (line) => JSON.parse(line) as RegressionCase,
    );
    const differences: Mismatch[] = [];
    const fired = new Set<string>();
    for (const { id, rule_id, event, peer_hits } of cases) {
      const ours = matchRecord(ruleset, event);
      if (ours.includes(rule_id)) fired.add(rule_id);
      const extra = ours.filter((rule) => !peer_hits.includes(rule));
      const missing = peer_hits.filter((rule) => !ours.includes(rule));
      if (extra.length + missing.length > 0) differences.push({ where: id, line: 0, extra, missing });
    }
    expect(cases.map(({ rule_id }) => rule_id).filter((rule) => !fired.has(rule))).toEqual([]);
    expect(differences).toEqual(REGRESSION_DIFFERENCES);
  });

  it('fire on the evtx and otrf corpora as the peer does, but for the differences explained', () => {
    expect(compareCorpora(CORPORA, ruleset)).toEqual(CORPUS_DIFFERENCES);
  });

  it('match by index as by full scan on real events', () => {
    const lines = ['evtx', 'otrf'].flatMap((corpus) =>
      readIndex(CORPORA, corpus).flatMap(({ file }) => readLines(CORPORA, corpus, file)),
    );
    let compared = 0;
    for (let i = 0; i < lines.length; i += 23) {
      const view = windowsView(JSON.parse(lines[i]!) as Record<string, unknown>);
      const engine = ruleset.route({ channel: String(view['Channel'] ?? ''), code: String(view['EventID']) });
      if (engine === null) continue;
      expect(engine.match(view)).toEqual(engine.matchScan(view));
      compared++;
    }
    expect(compared).toBeGreaterThan(900);
  });
});
