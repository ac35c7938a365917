#!/usr/bin/env node
// Plain JavaScript that any Node reads: an old one gets a sentence instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `Vedette needs Node 24 or newer; this is ${process.version} (${process.execPath}).\n` +
      'Run it through npm, which uses the Node that was installed with it:\n' +
      '  npx vedette …      in the folder where you ran "npm ci"\n' +
      '  npm start          for "vedette up"\n',
  );
  process.exit(1);
}
import('../src/main.ts');
