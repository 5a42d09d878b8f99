// Asks before something is done that cannot be undone, where there is somebody to ask.

import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Whether to go on: what is answered on a terminal; where standard input or error is none, true. */
export async function confirmed(question: string): Promise<boolean> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return true;
  const terminal = createInterface({ input: stdin, output: stderr });
  const left = once(terminal, 'close').then(() => '');
  try {
    // Ctrl-C and Ctrl-D are a no.
    const asked = terminal.question(`${question} [y/N] `).catch(() => '');
    const answer = await Promise.race([asked, left]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
