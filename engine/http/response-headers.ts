// The headers that every response carries unless the page sets its own (contract section 3, headers).
// Made once per configuration: a page that touches no header is sent with this array as it is.

/** Response headers as `writeHead` takes them, and their names for looking up. */
export interface BaseHeaders {
  /** name, value, name, value … */
  readonly flat: readonly string[];
}

const SAFE: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Content-Security-Policy': "frame-ancestors 'self'",
};

/** The safe defaults under the configuration's own headers; an empty value takes a default away. */
export function baseHeaders(configured: Readonly<Record<string, string>>): BaseHeaders {
  const byName = new Map<string, [string, string]>();
  for (const [name, value] of [...Object.entries(SAFE), ...Object.entries(configured)]) {
    if (value === '') byName.delete(name.toLowerCase());
    else byName.set(name.toLowerCase(), [name, value]);
  }
  return { flat: [...byName.values()].flat() };
}

/** What a page that used the session is sent with unless it says otherwise: no cache may keep it. */
export const SESSION_HEADERS: readonly string[] = ['Cache-Control', 'private, no-store', 'Vary', 'Cookie'];

/**
 * The defaults that a page has not set itself, followed by what it has set.
 * @param own the page's headers; framing headers among them are ours to compute
 */
export function mergedHeaders(defaults: readonly string[], own: Headers): string[] {
  const result: string[] = [];
  for (let index = 0; index + 1 < defaults.length; index += 2) {
    const name = defaults[index] ?? '';
    if (!own.has(name)) result.push(name, defaults[index + 1] ?? '');
  }
  for (const [name, value] of own) {
    if (!FRAMING.has(name)) result.push(name, value);
  }
  return result;
}

/** Whether names and values have ASCII characters only. */
export function isAscii(headers: readonly string[]): boolean {
  return headers.every((text) => !/[\u0080-\uffff]/.test(text));
}

const FRAMING: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
]);
