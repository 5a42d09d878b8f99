// A process that runs one command line after another, as main.ts runs one: each line of its input is a JSON list of arguments,
// and after each command a NUL is on both outputs, behind the exit code on standard output.

import { createInterface } from 'node:readline';
import { commandFailure } from '../../engine/cli/command-failure.ts';
import { createProgram } from '../../engine/cli/program.ts';

// Each command listens for errors of its output.
process.stdout.setMaxListeners(0);

for await (const line of createInterface({ input: process.stdin })) {
  let code: number | string | null | undefined;
  try {
    await createProgram().parseAsync(JSON.parse(line), { from: 'user' });
    code = process.exitCode ?? 0;
  } catch (error) {
    const { text, exit_code } = commandFailure(error, process.stderr);
    if (text !== '') process.stderr.write(`${text}\n`);
    code = exit_code;
  }
  process.exitCode = undefined;
  process.stdout.write(`\0${code}\0`);
  process.stderr.write('\0');
}
