// The headers of all responses, which a page can override (docs/configuration.md, `headers`). They are computed once for each
// configuration: the response of a page that sets no header uses this array unchanged.

/** Response headers in the form that `writeHead` takes. */
export interface BaseHeaders {
  /** name, value, name, value … */
  readonly flat: readonly string[];
}

const SAFE: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Content-Security-Policy': "frame-ancestors 'self'",
};

/** The safe defaults, overridden by the configuration's headers. An empty value removes a default. */
export function baseHeaders(configured: Readonly<Record<string, string>>): BaseHeaders {
  const byName = new Map<string, [string, string]>();
  for (const [name, value] of [...Object.entries(SAFE), ...Object.entries(configured)]) {
    if (value === '') byName.delete(name.toLowerCase());
    else byName.set(name.toLowerCase(), [name, value]);
  }
  return { flat: [...byName.values()].flat() };
}

/** The default headers of pages that use the session: no shared cache may store them. */
export const SESSION_HEADERS: readonly string[] = ['Cache-Control', 'private, no-store', 'Vary', 'Cookie'];

/**
 * The defaults that a page has not set itself, followed by the headers that it has set.
 * @param own the page's headers; its framing headers are ignored, because the engine computes them
 */
export function mergedHeaders(defaults: readonly string[], own: Headers): string[] {
  const result: string[] = [];
  for (let index = 0; index + 1 < defaults.length; index += 2) {
    const name = defaults[index] ?? '';
    if (!own.has(name)) result.push(name, defaults[index + 1] ?? '');
  }
  for (const [name, value] of own) {
    if (!isFraming(name)) result.push(name, value);
  }
  return result;
}

/** Whether names and values consist of ASCII characters. */
export function isAscii(headers: readonly string[]): boolean {
  return headers.every((text) => !/[\u0080-\uffff]/.test(text));
}

/** Whether a header describes how the body is sent, which the engine decides. */
export function isFraming(name: string): boolean {
  return FRAMING.has(name);
}

const FRAMING: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
]);
