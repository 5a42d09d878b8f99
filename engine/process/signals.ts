// SIGTERM and SIGINT end a process in order; a second one ends it at once. SIGHUP reloads, unless it says that the
// terminal from which the server was started is gone: then nobody would ever end it.

import { constants } from 'node:os';
import { isatty } from 'node:tty';

const STANDARD_INPUT = 0;

/** What to do at a signal. */
export interface SignalActions {
  /** Ends everything in order. */
  readonly stop: () => Promise<void>;
  readonly reload: () => void;
  /** For a process whose parent ends it: a second signal is the same stop, passed on. */
  readonly patient: boolean;
}

/** Takes the signals over; the process exits with 0 when `stop` has resolved. */
export function onSignals({ stop, reload, patient }: SignalActions): void {
  let stopping = false;
  const end = (signal: 'SIGTERM' | 'SIGINT') => {
    if (!stopping) {
      stopping = true;
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
      return;
    }
    if (!patient) process.exit(128 + constants.signals[signal]);
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  const fromTerminal = isatty(STANDARD_INPUT);
  process.on('SIGHUP', () => {
    if (fromTerminal && !isatty(STANDARD_INPUT)) end('SIGTERM');
    else reload();
  });
}
