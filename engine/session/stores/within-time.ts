// The patience of a store with its server: a request that uses sessions is answered within 2 s, so a command has less.

/** A command may take so long. */
export const COMMAND_MS = 1500;

/** So long, where nothing else comes before or after it. */
export const AWAY_MS = 1900;

/** There was no answer in time. */
export class Late extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} s`);
  }
}

/**
 * What comes in time, or Late. When the time is over, what has arrived meanwhile is read first: a page that kept the process
 * busy is not the server's fault.
 */
export function withinTime<T>(reply: Promise<T>, until: number, patience = COMMAND_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const left = Math.max(0, until - performance.now());
    const late = () => reject(new Late(patience));
    const timer = setTimeout(() => setImmediate(() => setImmediate(late)), left);
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The same for an answer that has been waited for only now. */
export function withinMilliseconds<T>(reply: Promise<T>, ms = AWAY_MS): Promise<T> {
  return withinTime(reply, performance.now() + ms, ms);
}
