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
  /** At a second signal; left out: the process exits at once. A worker waits: it is the same signal, passed on. */
  readonly again?: (exit: () => void) => void;
}

/** Takes the signals over; the process exits with 0 when `stop` has resolved. */
export function onSignals({ stop, reload, again = (exit) => exit() }: SignalActions): void {
  let stopping = false;
  const end = (exitAtOnce: () => void, exit: () => void) => {
    if (stopping) {
      again(exitAtOnce);
      return;
    }
    stopping = true;
    stop().then(exit, () => process.exit(1));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const exitAtOnce = () => process.exit(128 + constants.signals[signal]);
    process.on(signal, () => end(exitAtOnce, () => process.exit(0)));
  }
  const fromTerminal = isatty(STANDARD_INPUT);
  process.on('SIGHUP', () => {
    if (fromTerminal && !isatty(STANDARD_INPUT)) end(dieOfHangup, dieOfHangup);
    else reload();
  });
}

/** As without a listener. process.exit() would abort here: Node insists on resetting a terminal that is gone. */
function dieOfHangup(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
