// Headers that cannot be changed, because the response has begun, or is not that of the page that asks.

/**
 * Makes headers read-only.
 * @param refuse throws the error for a change
 */
export function sealHeaders(headers: Headers, refuse: () => never): void {
  for (const name of ['append', 'delete', 'set'])
    Object.defineProperty(headers, name, { value: refuse, configurable: true });
}
