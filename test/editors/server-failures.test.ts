// A language server whose engine throws where it must not, and pages of any content: the server stays, answers every request, and
// logs an error once. Without its packages (npm ci && npm run build in editors/vscode) these tests are skipped.

import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderWith } from '../folder.ts';
import { client, root, test } from './server-tests.ts';

const REQUESTS = [
  'definition',
  'references',
  'prepareRename',
  'rename',
  'completion',
  'hover',
  'documentSymbol',
  'diagnostic',
];

/** The answer to each request about one place; the message of a refusal. */
async function answers(file: string, text: string, offset: number): Promise<unknown[]> {
  const lines = text.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const params = {
    textDocument: { uri: pathToFileURL(file).href },
    position,
    newName: 'other',
    context: { includeDeclaration: true },
  };
  return Promise.all(
    REQUESTS.map((name) =>
      client.request(`textDocument/${name}`, params).catch(({ message }: Error) => message),
    ),
  );
}

const PAGE = `<% const s = Session<{ cart: string[] }>(); %>
<form method="post" action="/"><input name="email"></form>
<%= QUERY.email %> <%= s.cart.toString().trm() %>
<a href="/other">other</a>
`;

function endOf(text: string, page: string): number {
  return page.indexOf(text) + text.length;
}

/** A karrigell in which some exports of the editor's part are replaced. */
function brokenEngine(replacement: string): Record<string, string | object> {
  const engine = JSON.stringify(new URL('../../engine/pages/type-check/editor.js', import.meta.url).href);
  return {
    'node_modules/karrigell/package.json': { name: 'karrigell', type: 'module' },
    'node_modules/karrigell/dist/editor.js': `import * as engine from ${engine};
export * from ${engine};
const fails = (name) => () => { throw new Error('broken on purpose: ' + name); };
${replacement}
`,
  };
}

/** Engines, each with the names of the errors that an editor's requests run into. */
const BROKEN: readonly (readonly [replacement: string, names: readonly string[]])[] = [
  [`export const siteOf = fails('site');`, ['site']],
  [`export const settingsOf = fails('settings');`, ['settings']],
  [`export const moduleOfPage = fails('module');`, ['module']],
  [`export class EditedSiteMap { constructor() { fails('map')(); } }`, ['map']],
  [
    `export const findingsOf = fails('findings');
export const remedyFor = fails('remedy');
export const offeredUrls = fails('urls');
export const sessionAttributes = fails('attributes');
export class SiteNavigation extends engine.SiteNavigation { otherSides = fails('sides'); }
export class Renaming { constructor() { fails('renaming')(); } }`,
    ['findings', 'remedy', 'urls', 'attributes', 'sides', 'renaming'],
  ],
];

for (const [replacement, names] of BROKEN) {
  test(`the engine fails (${names}): every request is answered, and the error is logged once`, async (t) => {
    const folder = await folderWith(t, { 'site/index.pih': PAGE, ...brokenEngine(replacement) });
    const file = join(folder, 'site/index.pih');
    const places = ['name="em', 'QUERY.e', '<%= s.', 'href="/o'].map((text) => endOf(text, PAGE));
    const start = client.logged.length;
    const logged = () => client.logged.slice(start).filter((text) => text.includes('broken on purpose'));
    client.type(file, PAGE);
    for (const offset of places) t.is((await answers(file, PAGE, offset)).length, REQUESTS.length);
    const first = logged();
    for (const name of names) {
      const [text] = first.filter((each) => each.includes(`broken on purpose: ${name}\n    at `));
      t.truthy(text, name);
    }
    t.is(new Set(first).size, first.length);
    client.type(file, `${PAGE}<p>`);
    for (const offset of places) await answers(file, PAGE, offset);
    t.deepEqual(logged(), first);
  });
}

test('a damaged package.json of karrigell: every request is answered', async (t) => {
  const folder = await folderWith(t, {
    'site/index.pih': PAGE,
    'node_modules/karrigell/dist/editor.js': 'export {};',
    'node_modules/karrigell/package.json': '{ "name": ',
  });
  const file = join(folder, 'site/index.pih');
  client.type(file, PAGE);
  t.is((await answers(file, PAGE, 5)).length, REQUESTS.length);
});

/** Text that may stand in a page for a moment while it is typed, and more. */
const GARBAGE =
  '<%= `${_a + s. %><form a="<% { %>" name=<% /* %> <% Section(\'x %>\u{1f600}\0<%# -%><a href="#<%= QUERY[ %>';

test('truncated pages and garbage, the cursor anywhere: every request is answered, and nothing fails', async (t) => {
  const folder = await folderWith(t, { 'site/index.pih': PAGE });
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/karrigell'));
  const file = join(folder, 'site/index.pih');
  const start = client.logged.length;
  const ask = async (text: string, offset: number): Promise<void> => {
    const found = await answers(file, text, offset);
    t.is(found.length, REQUESTS.length, `${text.slice(0, offset)}|${text.slice(offset)}`);
  };
  for (let end = 3; end < PAGE.length; end += 17) {
    const text = PAGE.slice(0, end);
    client.type(file, text);
    await ask(text, end);
  }
  client.type(file, GARBAGE);
  for (let offset = 0; offset <= GARBAGE.length; offset++) await ask(GARBAGE, offset);
  t.deepEqual(
    client.logged.slice(start).filter((text) => /\n {4}at /.test(text)),
    [],
  );
  client.type(file, PAGE);
  const found = await client.diagnostics(file);
  t.true(
    found.some(({ message }) => message.includes('trm')),
    'the server still finds errors of types',
  );
});
