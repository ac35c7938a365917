/**
 * Where our matches differ from those of the peer (rsigma) that the corpora list. Each is explained in CONFORMANCE.md;
 * the conformance test asserts exactly this set.
 */
import type { Mismatch } from './compare.ts';

const EXTRA = (where: string, line: number, ...extra: string[]): Mismatch => ({ where, line, extra, missing: [] });

export const CORPUS_DIFFERENCES: readonly Mismatch[] = [
  EXTRA(
    'evtx/EVTX-ATTACK-SAMPLES/AutomatedTestingTools/PanacheSysmon_vs_AtomicRedTeam01.jsonl',
    553,
    '4a0b2c7e-7cb2-495d-8b63-5f268e7bfd67',
  ),
  EXTRA(
    'evtx/EVTX-ATTACK-SAMPLES/AutomatedTestingTools/WinDefender_Events_1117_1116_AtomicRedTeam.jsonl',
    1,
    '238527ad-3c2c-4e4f-a1f6-92fd63adb864',
    'fa0c05b6-8ad3-468d-8231-c1cbccb64fba',
    'c9a88268-0047-4824-ba6e-4d81ce0b907c',
  ),
  EXTRA(
    'evtx/EVTX-ATTACK-SAMPLES/AutomatedTestingTools/WinDefender_Events_1117_1116_AtomicRedTeam.jsonl',
    4,
    'fdf135a2-9241-4f96-a114-bb404948f736',
  ),
  EXTRA(
    'evtx/EVTX-to-MITRE-Attack/TA0003-Persistence/T1098.xxx-Account_manipulation/ID4738-Do_not_require_Kerberos_preauthentication.jsonl',
    1,
    'f6de9536-0441-4b3f-a646-f4e00f300ffd',
  ),
  EXTRA(
    'evtx/EVTX-to-MITRE-Attack/TA0003-Persistence/T1098.xxx-Account_manipulation/ID4738-User_set_with_reversible_psw_encryption.jsonl',
    1,
    'f6de9536-0441-4b3f-a646-f4e00f300ffd',
  ),
  {
    where:
      'evtx/EVTX-to-MITRE-Attack/TA0004-Privilege_Escalation/T1574-DLL_side-loading/ID316_300_301_316_823_848-Mimispool_printer_server_instal.jsonl',
    line: 7,
    extra: [],
    missing: ['f34d942d-c8c4-4f1f-b196-22471aecf10a'],
  },
];

/** The same for the regression events, by their id. */
export const REGRESSION_DIFFERENCES: readonly Mismatch[] = [
  EXTRA('a7c3e5f2-8b1d-4e9a-b6c2-3d7f5e8a9b4c#0', 0, 'a7c3e5f2-8b1d-4e9a-b6c2-3d7f5e8a9b4c'),
];
