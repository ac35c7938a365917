/** Rules for auditd, written with the kernel's names as Sigma does, see the records of the audit daemon. */
import { expect, test } from 'vitest';
import { runRuleTests } from './rules/rule-tests.ts';

const SYSCALL =
  'type=SYSCALL msg=audit(1772186400.123:301): arch=c000003e syscall=319 success=yes exit=3 ppid=1 pid=901 auid=1000 uid=0 comm="run" exe="/opt/run" key=(null)';
const EXECVE = 'type=EXECVE msg=audit(1772186400.123:301): argc=3 a0="bash" a1="-c" a2=6375726C20687474703A2F2F61';
const PATH =
  'type=PATH msg=audit(1772186400.123:301): item=0 name="/etc/ld.so.preload" inode=131 mode=0100644 nametype=CREATE';

/** Whether a rule with this selection matches the line, detected and read as the only one of its source. */
function matches(selection: Record<string, string>, line: string): boolean {
  const rule = {
    title: 'auditd',
    id: '7c9d5ad5-8e23-4d1d-9a66-2f2f4a6f3f10',
    level: 'high',
    logsource: { product: 'linux', service: 'auditd' },
    detection: { selection, condition: 'selection' },
    vedette: { tests: [{ name: 'a line', events: [line], expect: 'match' }] },
  };
  // JSON is YAML.
  const [result] = runRuleTests([{ path: 'auditd.yml', text: JSON.stringify(rule) }]);
  return result!.passed;
}

test.each([
  [{ type: 'SYSCALL', 'exe|endswith': '/run', SYSCALL: 'memfd_create' }, SYSCALL],
  [{ type: 'EXECVE', a0: 'bash', 'a2|startswith': 'curl http' }, EXECVE],
  [{ type: 'PATH', 'name|startswith': '/etc/ld.so', nametype: 'CREATE' }, PATH],
  [{ type: 'EXECVE', a1: '-c' }, `<14>Feb 27 10:00:07 web2 audispd: node=web2 ${EXECVE}`],
  [{ type: 'EXECVE', a1: '-c' }, JSON.stringify({ programname: 'audisp-syslog', message: ` ${EXECVE}` })],
])('%j', (selection, line) => {
  expect(matches(selection, line)).toBe(true);
  expect(matches({ ...selection, type: 'CWD' }, line)).toBe(false);
});
