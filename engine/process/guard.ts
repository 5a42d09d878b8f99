// What escapes every page: logged, and the server stays up.

import type { Say } from './messages.ts';

/**
 * Logs stray errors instead of ending the process. Node warns that after an uncaught exception the state is unknown;
 * here it stays up all the same: what a request knows is in objects of its own, which nobody uses after it, so an
 * exception in a timer or an emitter that a page left behind harms that page only, while ending the process would cut
 * off every visitor and, with sessions in memory, empty every cart. A supervisor would not know better.
 */
export function guardProcess(say: Say): void {
  process.on('uncaughtException', (error) => {
    say('error', 'an error outside of any request (the server goes on)', error);
  });
  process.on('unhandledRejection', (reason) => {
    say('error', 'a promise was rejected and nobody waited for it (the server goes on)', reason);
  });
}

/** Output that nobody can get any more (`karrigell | head`, a closed terminal) must not become an exception. */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => undefined);
  }
}
