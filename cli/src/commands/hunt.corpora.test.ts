/**
 * `vedette hunt` over the shared Windows corpus with all SigmaHQ rules, against what another engine found there
 * (INDEX.jsonl). Every difference is explained below, one by one; a new one fails.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { vedette } from '../testing/vedette.ts';

const CORPORA = process.env['VEDETTE_CORPORA'] ?? fileURLToPath(new URL('../../../../shared/corpora', import.meta.url));
const present = existsSync(join(CORPORA, 'evtx/INDEX.jsonl')) && existsSync(join(CORPORA, 'sigma/rules'));
if (!present) console.warn(`SKIPPED: the corpora are not in ${CORPORA}; set VEDETTE_CORPORA to compare hunt with them`);

const DEFENDER = 'EVTX-ATTACK-SAMPLES/AutomatedTestingTools/WinDefender_Events_1117_1116_AtomicRedTeam.jsonl';
const ANTIVIRUS =
  'a rule of the antivirus category: Defender detections are routed to it, Signature is the threat name';
const ACCOUNT_BITS = 'the new account control value sets a bit that the old one lacks, which is what the rule asks for';

/** Hits that we have and the index lacks. */
const MORE: Readonly<Record<string, string>> = {
  [`${DEFENDER}|1|238527ad-3c2c-4e4f-a1f6-92fd63adb864`]: ANTIVIRUS,
  [`${DEFENDER}|1|fa0c05b6-8ad3-468d-8231-c1cbccb64fba`]: ANTIVIRUS,
  [`${DEFENDER}|1|c9a88268-0047-4824-ba6e-4d81ce0b907c`]: ANTIVIRUS,
  [`${DEFENDER}|3|fa0c05b6-8ad3-468d-8231-c1cbccb64fba`]: ANTIVIRUS,
  [`${DEFENDER}|4|c9a88268-0047-4824-ba6e-4d81ce0b907c`]: ANTIVIRUS,
  [`${DEFENDER}|4|fdf135a2-9241-4f96-a114-bb404948f736`]: ANTIVIRUS,
  [`${DEFENDER}|7|fa0c05b6-8ad3-468d-8231-c1cbccb64fba`]: ANTIVIRUS,
  'EVTX-ATTACK-SAMPLES/AutomatedTestingTools/PanacheSysmon_vs_AtomicRedTeam01.jsonl|553|4a0b2c7e-7cb2-495d-8b63-5f268e7bfd67':
    'the rule writes " /accepteula" with the windash modifier and the event " -accepteula": a slash stands for a dash, too',
  'EVTX-to-MITRE-Attack/TA0003-Persistence/T1098.xxx-Account_manipulation/ID4738-User_set_with_reversible_psw_encryption.jsonl|1|f6de9536-0441-4b3f-a646-f4e00f300ffd':
    ACCOUNT_BITS,
  'EVTX-to-MITRE-Attack/TA0003-Persistence/T1098.xxx-Account_manipulation/ID4738-Do_not_require_Kerberos_preauthentication.jsonl|1|f6de9536-0441-4b3f-a646-f4e00f300ffd':
    ACCOUNT_BITS,
};

/** Hits that the index has and we lack. */
const LESS: Readonly<Record<string, string>> = {
  'EVTX-to-MITRE-Attack/TA0004-Privilege_Escalation/T1574-DLL_side-loading/ID316_300_301_316_823_848-Mimispool_printer_server_instal.jsonl|7|f34d942d-c8c4-4f1f-b196-22471aecf10a':
    'none of the keywords stands in this event; "mimispool" stands only in the name of the file',
};

interface IndexEntry {
  file: string;
  events: number;
  per_line: Record<string, string[]>;
  may_4688_per_line: Record<string, string[]>;
}

const index = (): IndexEntry[] =>
  readFileSync(join(CORPORA, 'evtx/INDEX.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as IndexEntry);

const keysOf = (entries: IndexEntry[], lines: (entry: IndexEntry) => Record<string, string[]>): Set<string> =>
  new Set(
    entries.flatMap((entry) =>
      Object.entries(lines(entry)).flatMap(([line, ids]) => ids.map((id) => `${entry.file}|${line}|${id}`)),
    ),
  );

describe.skipIf(!present)('vedette hunt over the shared corpora', () => {
  it('finds what the index lists in the Windows events, differences explained', { timeout: 300_000 }, async () => {
    const folders = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
    const rules = folders.flatMap((folder) => ['--rules', join(CORPORA, 'sigma', folder)]);
    const folder = join(CORPORA, 'evtx');
    const { code, stdout, stderr } = await vedette(['hunt', folder, ...rules, '--format', 'json']);
    expect(code).toBe(0);
    expect(stderr).toContain('INDEX.jsonl: not a log');
    expect(stderr).toContain('SOURCE.md: not a log');

    const entries = index();
    const wanted = keysOf(entries, (entry) => entry.per_line);
    const allowed = keysOf(entries, (entry) => entry.may_4688_per_line);
    const hits = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const found = new Set(
      hits.map(
        (hit) =>
          `${(hit['file'] as string).slice(folder.length + 1)}|${hit['line']}|${(hit['rule'] as { id: string }).id}`,
      ),
    );
    const missing = [...wanted].filter((key) => !found.has(key));
    const extra = [...found].filter((key) => !wanted.has(key) && !allowed.has(key));

    expect(missing.sort()).toEqual(Object.keys(LESS).sort());
    expect(extra.sort()).toEqual(Object.keys(MORE).sort());
  });

  it('prints the timeline by time, one object a line, with the whole event', async () => {
    const file = join(CORPORA, 'evtx', 'DeepBlueCLI/many-events-application.jsonl');
    const { stdout } = await vedette(['hunt', file, '--rules', join(CORPORA, 'sigma/rules'), '--format', 'json']);
    const hits = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(hits.map((hit) => hit['line'])).toEqual(expect.arrayContaining([273, 281, 316, 320]));
    const times = hits.map((hit) => hit['ts'] as string);
    expect(times).toEqual([...times].sort());
    expect(hits[0]).toMatchObject({
      file,
      rule: { id: expect.any(String), title: expect.any(String) },
      level: expect.any(Number),
      event: { '@timestamp': times[0], winlog: { channel: 'Application' } },
    });
  });

  it('finds the brute force attacks in a year-less SSH log, by the right addresses', async () => {
    const log = join(CORPORA, 'loghub/OpenSSH');
    const { stdout } = await vedette(['hunt', log, '--format', 'json', '--min-level', '10']);
    const hits = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { rule: { title: string }; event: { source: { ip: string } } });
    const attackers = hits.filter(({ rule }) => rule.title === 'SSH brute force').map(({ event }) => event.source.ip);
    expect(new Set(attackers)).toEqual(
      new Set(['112.95.230.3', '5.188.10.180', '185.190.58.151', '103.99.0.122', '187.141.143.180', '183.62.140.253']),
    );
  });
});
