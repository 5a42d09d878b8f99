// Asks for confirmation on a terminal before sessions are deleted.

import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Whether the answer on the terminal is yes; true if standard input or standard error is no terminal. */
export async function confirmed(question: string): Promise<boolean> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return true;
  const terminal = createInterface({ input: stdin, output: stderr });
  const left = once(terminal, 'close').then(() => '');
  try {
    // Ctrl-C and Ctrl-D close the terminal and count as no.
    const asked = terminal.question(`${question} [y/N] `).catch(() => '');
    const answer = await Promise.race([asked, left]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
