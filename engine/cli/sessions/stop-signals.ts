// Ctrl-C, and the TERM of a supervisor: long work stops in order, so that it leaves no lock behind. A second one ends the
// process at once.

import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs work that a signal stops; the exit code then says so. */
export async function runUntilSignal(work: (stopped: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const stopBy = (signal: (typeof SIGNALS)[number]) => {
    forget();
    process.exitCode = 128 + constants.signals[signal];
    stop.abort();
  };
  const forget = () => {
    for (const signal of SIGNALS) process.off(signal, stopBy);
  };
  for (const signal of SIGNALS) process.on(signal, stopBy);
  try {
    await work(stop.signal);
  } finally {
    forget();
  }
}
