// Stops long work in order on SIGINT (Ctrl-C) and SIGTERM, so that it leaves no lock behind. A second signal ends the
// process at once.

import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs work whose signal is aborted by SIGINT or SIGTERM; the exit code is then 128 plus the number of the signal. */
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
