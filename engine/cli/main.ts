#!/usr/bin/env node
// The command `karrigell`: parses the command line, runs one command, and prints one line if it fails.

import { commandFailure } from './command-failure.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  const { text, exit_code } = commandFailure(error, process.stderr);
  if (text !== '') process.stderr.write(`${text}\n`);
  // process.exit(), because a failed start must not wait for servers and watchers that are open already.
  process.exit(exit_code);
}
