// Errors outside of any request: they are logged, and the server keeps running.

/**
 * Logs uncaught exceptions and unhandled rejections instead of ending the process. Node's documentation advises to end it, because
 * its state is unknown. This server keeps running: the state of a request is in objects of its own that no other request uses,
 * so an exception in a timer or emitter that a page left behind harms that page only. Ending the process would break the requests of
 * all visitors and lose the sessions in memory.
 */
export function logStrayErrors(log: (message: string, error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    log('an error outside of any request (the server goes on)', error);
  });
  process.on('unhandledRejection', (reason) => {
    log('a promise was rejected and nobody waited for it (the server goes on)', reason);
  });
}

/** Ignores errors of standard output and error: their reader may have ended (`karrigell | head`, a closed terminal). */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => undefined);
  }
}
