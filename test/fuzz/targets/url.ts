// Requests for random URLs: no answer is 5xx, no private file is served, and the value of a bracketed name is the text of the URL.

import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { ask, openSite, requestOf } from '../raw-http.ts';
import { target } from '../target.ts';

const HIDDEN = 'HIDDEN CONTENT';

type Input = { readonly path: string } | { readonly value: string };

const FILES = {
  'index.pih': 'home',
  'shop/index.pih': 'shop',
  'shop/cart.pih': `cart<%# ${HIDDEN} %>`,
  'item/[id].pih': '<%- JSON.stringify(PARAMS.id) %>',
  'wiki/[...rest].pih': '<%- JSON.stringify(PARAMS.rest) %>',
  'static/file.txt': 'file',
  '_part.pih': HIDDEN,
  '_private/file.txt': HIDDEN,
  '.env': HIDDEN,
  '.git/config': HIDDEN,
  'node_modules/x/index.js': HIDDEN,
  'lib.ts': `// ${HIDDEN}`,
  'static/file.txt.bak': HIDDEN,
  'static/file.txt~': HIDDEN,
  'package.json': `{"name":"${HIDDEN}"}`,
};

const pieces = fc.constantFrom(
  ...[
    '/',
    '/',
    '//',
    '.',
    '..',
    '/../',
    '/./',
    '%2e',
    '%2f',
    '%5c',
    '\\',
    '%00',
    '%',
    '%zz',
    '%c0%ae',
    '%ff',
    ';',
    ':',
    '~',
  ],
  ...[
    '?',
    '#',
    '&',
    '=',
    '@',
    '[id]',
    '[...rest]',
    'a',
    'index',
    '.pih',
    '.html',
    '.txt',
    '.bak',
    '.ts',
    '::$DATA',
    'con',
  ],
  ...[
    'shop',
    'cart',
    'item',
    'wiki',
    'static',
    'file.txt',
    '_part',
    '_private',
    '.env',
    '.git',
    'node_modules',
    'lib.ts',
  ],
  ...[
    'package.json',
    'out',
    'out.txt',
    'outside.txt',
    'http://b.example',
    '*',
    '.well-known',
    '\xe9',
    '%u002e',
    'CART',
    '%20',
  ],
);

export const urlTarget = target<Input>({
  name: 'url',
  inputs: fc.oneof(
    fc.record({ path: fc.array(pieces, { maxLength: 10 }).map((parts) => `/${parts.join('')}`) }),
    fc.record({ value: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) }),
    fc.record({ value: fc.array(pieces, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')) }),
  ),
  isInput: (input): input is Input =>
    typeof input === 'object' && input !== null && ('path' in input || 'value' in input),
  open: async () => {
    const site = await openSite(FILES);
    await writeFile(join(site.folder, '../outside.txt'), HIDDEN);
    await symlink(join(site.folder, '../outside.txt'), join(site.folder, 'out.txt'));
    await symlink(join(site.folder, '..'), join(site.folder, 'out'));
    const holds = async (input: Input): Promise<void> => {
      const path = 'path' in input ? input.path : `/item/${encodeURIComponent(input.value)}`;
      const { status, body } = await ask(site.url, requestOf('GET', path));
      assert.ok(status >= 200 && status < 500, `status ${status}`);
      assert.ok(!body.includes(HIDDEN), 'what is hidden was served');
      if (!('value' in input)) return;
      if (isNoValue(input.value)) assert.equal(status, 404);
      else assert.deepEqual([status, JSON.parse(body)], [200, input.value]);
    };
    return { holds, close: site.close };
  },
});

function isNoValue(value: string): boolean {
  return value === '.' || value === '..' || /[/\\\0]/.test(value);
}
