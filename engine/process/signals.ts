// SIGTERM and SIGINT stop a process in order; a second one ends it at once. SIGHUP reloads the configuration. If SIGHUP says that the
// terminal of the server was closed, it stops the server, because no key of a terminal could end it any more.

import { constants } from 'node:os';
import { isatty } from 'node:tty';

const STANDARD_INPUT = 0;

/** The actions for signals. */
export interface SignalActions {
  /** Stops everything in order; the process exits when it has resolved. */
  readonly stop: () => Promise<void>;
  readonly reload: () => void;
  /** The action for a second signal; by default the process exits at once. */
  readonly again?: (exit: () => void) => void;
}

/** Listens to signals. The process exits with 0 when `stop` has resolved, and with 1 when it has rejected. */
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

/** Ends the process as SIGHUP does without a listener. process.exit() would abort, because Node resets the terminal, which is gone. */
function dieOfHangup(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
