#!/usr/bin/env node
/** The `vedette` command. `bin/vedette.js` starts it after checking the Node version. */
import { run } from './program.ts';

// `vedette … | head` ends quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2));
