// The types of a site after a renaming: one that would bring an error of types is refused, with the place of the error. Without the
// packages of the language server (npm ci && npm run build in editors/vscode) these tests are skipped.

import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderWith } from '../folder.ts';
import { client, root, test } from './server-tests.ts';

interface RenamedCase {
  readonly title: string;
  /** The files below `site/`; a `|` in index.pih is the cursor. */
  readonly files: Readonly<Record<string, string>>;
  readonly newName: string;
  /** The names of the changed files, or the place and text of the error. */
  readonly expected: readonly string[] | RegExp;
}

const SCHEMA = `<% import { z } from 'zod';
const form = await Form(z.object({ ema|il: z.string() }));
`;
const CART = "<% const s = Session<{ ca|rt: string }>(); s.cart = 'a';";

const CASES: readonly RenamedCase[] = [
  {
    title: 'a module that names the field by a type of its own',
    files: {
      'index.pih': `${SCHEMA}import { note } from './_note.ts'; note(form); %>
<form method="post"><input name="email"></form>`,
      '_note.ts': "export const note = (form: { error(name: 'email'): unknown }) => form.error('email');",
    },
    newName: 'mail',
    expected: /\/index\.pih:3 would not fit its types any more \(/,
  },
  {
    title: 'a field of a schema that nothing sends',
    files: { 'index.pih': `${SCHEMA}%><%= form.data?.email %>` },
    newName: 'mail',
    expected: ['index.pih'],
  },
  {
    title: 'an index type that names the attribute',
    files: {
      'index.pih': `<% type Shop = { ca|rt: string }; const s = Session<Shop>(); s.cart = 'a'; const n: Shop['cart'] = 'b'; %><%= n %>`,
    },
    newName: 'basket',
    expected: ['index.pih'],
  },
  {
    title: 'a text whose type is one of several names',
    files: {
      'index.pih': `<% type Shop = { ca|rt: string; seen: string }; const s = Session<Shop>(); s.cart = 'a';
const pick = (name: 'cart' | 'seen', shop: Shop) => shop[name]; %><%= pick('seen', { cart: '', seen: '' }) %>`,
    },
    newName: 'basket',
    expected: /\/index\.pih:2 would not fit its types any more \(/,
  },
  {
    title: 'an error that was there before',
    files: { 'index.pih': `${CART} const n: number = 'x'; %><%= n %>` },
    newName: 'basket',
    expected: ['index.pih'],
  },
  {
    title: 'an error that was there before and names the attribute',
    files: {
      'index.pih': `<% type Shop = { ca|rt: string }; const s = Session<Shop>(); s.cart = 'a';
const shop = { cart: 'x' } satisfies Shop; const n: number = shop; %><%= n %>`,
    },
    newName: 'basket',
    expected: ['index.pih'],
  },
  {
    title: 'a field of a schema that nothing uses',
    files: { 'index.pih': `${SCHEMA}%><%= form.ok %>` },
    newName: 'mail',
    expected: ['index.pih'],
  },
  {
    title: 'a member that only TypeScript knows, in a page that is not open',
    files: {
      'index.pih':
        "<% import type { Item } from './_item.ts'; const item: Item = { ti|tle: 'a' }; %><%= item.title %>",
      '_item.ts': 'export interface Item { title: string }',
      '_part.pih':
        "<% import type { Item } from './_item.ts'; type Args = { item: Item } %><%= ARGS.item.title %>",
    },
    newName: 'heading',
    expected: ['_item.ts', '_part.pih', 'index.pih'],
  },
  {
    title: 'a page that is not open and names the attribute through a module',
    files: {
      'index.pih': "<% import type { Shop } from './_shop.ts'; const s = Session<Shop>(); s.ca|rt = 'a'; %>",
      '_shop.ts': 'export interface Shop { cart: string }',
      'other.pih':
        "<% import type { Shop } from './_shop.ts'; const shop: Shop = { cart: 'x' }; %><%= shop.cart %>",
    },
    newName: 'basket',
    expected: ['_shop.ts', 'index.pih', 'other.pih'],
  },
  {
    title: 'an error in another page, through a module',
    files: {
      'index.pih': "<% import type { Shop } from './_shop.ts'; const s = Session<Shop>(); s.ca|rt = 'a'; %>",
      '_shop.ts': 'export interface Shop { cart: string }',
      'other.pih':
        "<% import type { Shop } from './_shop.ts';\nconst only = <T extends { cart: string }>(shop: T) => shop.cart;\nonly({} as Shop); %>",
    },
    newName: 'basket',
    expected: /\/other\.pih:3 would not fit its types any more \(/,
  },
];

for (const { title, files, newName, expected } of CASES) {
  test(`${title}: ${Array.isArray(expected) ? 'renamed' : 'refused'}`, async (t) => {
    const sources = Object.entries(files).map(([name, text]) => [`site/${name}`, text.replace('|', '')]);
    const folder = await folderWith(t, Object.fromEntries(sources));
    await mkdir(join(folder, 'node_modules'));
    for (const [name, target] of [
      ['karrigell', root],
      ['zod', join(root, 'node_modules/zod')],
    ] as const)
      await symlink(target, join(folder, 'node_modules', name));
    const file = join(folder, 'site/index.pih');
    const page = files['index.pih'] ?? '';
    client.type(file, page.replace('|', ''));
    const lines = page.slice(0, page.indexOf('|')).split('\n');
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const asked = client.request<{ changes: object } | null>('textDocument/rename', {
      textDocument: { uri: pathToFileURL(file).href },
      position,
      newName,
    });
    if (expected instanceof RegExp) {
      await t.throwsAsync(asked, { message: expected });
      return;
    }
    const site = `${pathToFileURL(join(folder, 'site')).href}/`;
    const changed = Object.keys((await asked)?.changes ?? {}).map((uri) => uri.slice(site.length));
    t.deepEqual(changed.sort(), expected);
  });
}
