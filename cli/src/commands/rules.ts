/** `vedette rules`: rules as code. Lint reads and compiles, test also runs the tests that the rules carry inside. */
import { compileRules, parseSigma, type SigmaError } from '@vedette/sigma';
import { OWN_RULES } from '@vedette/server/detectors/rules.ts';
import type { Command } from 'commander';
import { jsonLine, note, onStderr, onStdout, print, printable } from '../output/terminal.ts';
import { readRuleFiles } from '../rules/rule-files.ts';
import { runRuleTests } from '../rules/rule-tests.ts';

interface RulesOptions {
  json?: boolean;
}

const HELP = `
A rule carries its tests inside:

  vedette:
    level: 10                      # 0 to 15, instead of what the level word means
    tests:
      - name: wrong password
        expect: match              # match, none, or the number of hits
        repeat: { times: 8, every: 10 }   # again and again, seconds apart
        events:
          - 'Mar  2 08:00:00 web1 sshd[811]: Failed password for root from 203.0.113.7 port 40022 ssh2'

Examples:
  vedette rules lint my-rules
  vedette rules test my-rules --json

Exit codes: 0 all is well, 1 a rule cannot be read or a test fails, 2 wrong usage.`;

export function defineRules(program: Command): void {
  const rules = program.command('rules').description('check detection rules').addHelpText('after', HELP);
  const json = ['--json', 'print one JSON object a line'] as const;
  const paths = ['[paths...]', 'rule files or folders (default: our own rules)'] as const;
  rules
    .command('lint')
    .description('read and compile rules')
    .argument(...paths)
    .option(...json)
    .action(lint);
  rules
    .command('test')
    .description('run the tests inside rules')
    .argument(...paths)
    .option(...json)
    .action(test);
}

const orOwn = (paths: string[]): string[] => (paths.length > 0 ? paths : [OWN_RULES]);

function lint(paths: string[], { json }: RulesOptions): void {
  const files = readRuleFiles(orOwn(paths));
  const parsed = files.map(({ path, text }) => parseSigma(text, path));
  const documents = parsed.flatMap((file) => file.documents);
  const compiled = compileRules(documents);
  const problems = [...parsed.flatMap((file) => file.errors), ...compiled.errors];
  for (const problem of problems) {
    const { file, line, column, code, message, severity } = problem;
    print(json ? jsonLine({ file, line, column, severity, code, message }) : problemLine(problem));
  }
  const broken = problems.filter(({ severity }) => severity === 'error').length;
  note(`${documents.length} rules in ${files.length} files: ${broken} errors, ${problems.length - broken} warnings`);
  if (broken > 0 || files.length === 0) process.exitCode = 1;
}

function problemLine({ file, line, column, code, message, severity }: SigmaError): string {
  const word = severity === 'error' ? onStdout.red('error') : onStdout.yellow('warning');
  return `${printable(file)}:${line}:${column} ${word} ${code}: ${printable(message)}`;
}

function test(paths: string[], { json }: RulesOptions): void {
  const files = readRuleFiles(orOwn(paths));
  const results = runRuleTests(files);
  for (const result of results) {
    if (json) print(jsonLine(result));
    else if (!result.passed) {
      const { file, title, test: name, reason } = result;
      print(`${onStdout.red('failed')} ${printable(file)}: ${printable(`${title}: ${name}: ${reason}`)}`);
    }
  }
  const failed = results.filter(({ passed }) => !passed).length;
  const tested = new Set(results.map(({ ruleId }) => ruleId)).size;
  const summary = `${results.length - failed} of ${results.length} tests passed, ${tested} rules in ${files.length} files`;
  note(failed > 0 ? onStderr.red(summary) : summary);
  if (failed > 0 || files.length === 0) process.exitCode = 1;
}
