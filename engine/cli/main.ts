#!/usr/bin/env node
// The command `karrigell`: reads the command line, runs one command, turns every failure into one clear line.

import { commandFailure } from './command-failure.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  const { text, exit_code } = commandFailure(error, process.stderr);
  if (text !== '') process.stderr.write(`${text}\n`);
  // A failed start must not wait for what was already opened.
  process.exit(exit_code);
}
