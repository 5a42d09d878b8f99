// The target of a redirect, chosen by the visitor: the browser stays on the site.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ask, openSite, requestOf } from '../raw-http.ts';
import { isText, target } from '../target.ts';

const pieces = fc.constantFrom(
  ...[
    '/',
    '//',
    '\\',
    ':',
    '.',
    '..',
    '/./',
    '/../',
    '%',
    '%2f',
    '%5c',
    '\t',
    '\n',
    '\r',
    ' ',
    '\0',
    '\u00a0',
    '\u3000',
    '\ufeff',
  ],
  ...[
    'http:',
    'https:',
    'HTTP:',
    'javascript:',
    'data:',
    'mailto:',
    'evil.example',
    'a.example',
    '@',
    '?',
    '#',
    'x',
    'cart',
  ],
  ...['é', '漢', '。', '\u2028', '\u200b', ';', '&', '=', '[', ']', '1', ':80', '\x7f', '\x1f', 'blob:', '*'],
);

export const redirectTarget = target<string>({
  name: 'redirect',
  inputs: fc.oneof(
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.webUrl(),
  ),
  isInput: isText,
  open: async () => {
    const site = await openSite({ 'x/go.pih': '<% redirect(QUERY.next ?? "/") %>' });
    const holds = async (next: string): Promise<void> => {
      const { status, headers } = await ask(
        site.url,
        requestOf('GET', `/x/go?next=${encodeURIComponent(next)}`),
      );
      const location = headers.get('location');
      if (location === undefined) {
        assert.ok(status >= 400, `status ${status} without a Location`);
        return;
      }
      assert.match(location, /^[!-~]+$/);
      for (const origin of ['http://a.example', 'https://a.example'])
        assert.equal(new URL(location, `${origin}/x/go`).origin, origin, location);
    };
    return { holds, close: site.close };
  },
});
