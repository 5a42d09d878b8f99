// Says what an operator must know where a program has named nobody else to tell.

/** Writes to standard error, the cause with its stack. */
export function toStandardError(level: 'warn' | 'error', message: string, cause?: unknown): void {
  console.error(`${level}: ${message}`, ...(cause === undefined ? [] : [cause]));
}
