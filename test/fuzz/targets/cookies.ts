// Any Cookie header is answered, with and without a session, and a cookie that was written as browsers keep it is read.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ask, openSite, requestOf } from '../raw-http.ts';
import { isText, target } from '../target.ts';

const pieces = fc.constantFrom(
  ...[
    'a=1',
    'sessionId',
    'sessionId=',
    '=',
    ';',
    '; ',
    ',',
    '"',
    '%',
    '%zz',
    '%E9',
    '%ff',
    '\\',
    ' ',
    '\t',
    '__proto__=x',
  ],
  ...[
    '\xe9',
    '\xff',
    'constructor',
    '$Version=1',
    'a',
    '==',
    '{"a":1}',
    'x'.repeat(50),
    'toString=',
    '__Host-a=b',
    '+',
  ],
);

export const cookiesTarget = target<string>({
  name: 'cookies',
  inputs: fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('').trim()),
  isInput: isText,
  open: async () => {
    const page = '<% const s = Session(); s.n = 1 %><%- JSON.stringify(Object.keys(REQUEST.cookies)) %>';
    const site = await openSite({ 'index.pih': page });
    const holds = async (header: string): Promise<void> => {
      // A sign of our own at the end, which a broken pair before it must not swallow.
      const sent = `${header}; last=L`;
      const { status, body } = await ask(site.url, requestOf('GET', '/', [`Cookie: ${sent}`]));
      assert.equal(status, 200);
      const names: unknown = JSON.parse(body);
      assert.ok(Array.isArray(names) && names.includes('last'), body);
    };
    return { holds, close: site.close };
  },
});
