// The language server of editors/vscode/server, used as an editor uses it. It has packages of its own. Without them
// (npm ci && npm run build in that folder) these tests are skipped.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import { PAGE_NAME_TABLE } from '../../engine/compiler/page-name-table.ts';
import { folderWith } from '../folder.ts';
import { missingHere } from '../missing-here.ts';
import { LanguageClient, type LspDiagnostic, type LspRange } from './language-client.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(root, 'editors/vscode/server/dist/main.js');
const isBuilt = existsSync(main);
const test: (title: string, run: (t: ExecutionContext) => Promise<void> | void) => void = isBuilt
  ? anyTest.serial
  : () => undefined;
const site = join(root, 'site');

/** One server for all tests, because it reads TypeScript for most of its time. */
let client: LanguageClient;

if (!isBuilt) {
  missingHere('the language server is not built (npm ci && npm run build in editors/vscode)');
} else {
  anyTest.before(async () => {
    client = await LanguageClient.start(main, root);
  });
  anyTest.after.always(() => client?.stop());
}

const ERROR = 1;

/** Errors as `line:column code`, counted from 1. */
function places(found: readonly LspDiagnostic[]): string[] {
  return found
    .filter(({ severity }) => severity === ERROR)
    .map(({ range, code }) => `${range.start.line + 1}:${range.start.character + 1} ${code}`)
    .sort();
}

const SAMPLE = [
  'index.pih',
  'shop/cart.pih',
  'shop/checkout/address.pih',
  'shop/products/[id].pih',
  '_parts/layout.pih',
];

test('pages of the demo site have no errors in an editor', async (t) => {
  for (const name of SAMPLE) {
    const file = join(site, name);
    client.type(file);
    t.deepEqual(places(await client.diagnostics(file)), [], name);
  }
});

test('an editor shows the errors of karrigell check, at the same places', async (t) => {
  const cases = join(root, 'test/cases/types/site');
  const names = readdirSync(cases, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.pih'),
  );
  t.true(names.length > 0);
  for (const name of names) {
    const file = join(cases, name);
    client.type(file);
    t.deepEqual(
      places(await client.diagnostics(file)).map(withoutGuess),
      marked(file).map(withoutGuess),
      name,
    );
  }
});

/** An editor's module declares every page name, so TypeScript may add `did you mean` to `cannot find`. */
function withoutGuess(place: string): string {
  return place.replace(/ 2552$/, ' 2304');
}

const MARK = /^(?:<%#|\/\/)(?: *\^| <-) TS(\d+)/;

/** The errors that the carets in a file mark. */
function marked(file: string): string[] {
  const found: string[] = [];
  let line = 0;
  for (const [index, text] of readFileSync(file, 'utf8').split('\n').entries()) {
    const mark = MARK.exec(text);
    if (mark === null) line = index + 1;
    else found.push(`${line}:${Math.max(text.indexOf('^'), 0) + 1} ${mark[1]}`);
  }
  return found.sort();
}

test('an error of the compiler is shown with its remedy', async (t) => {
  const file = join(site, 'index.pih');
  client.type(file, '<p>\n<% enum A { B } %>');
  const [found, ...others] = await client.diagnostics(file);
  t.deepEqual(others, []);
  t.is(found?.source, 'karrigell');
  t.is(found?.code, 'not-erasable');
  t.deepEqual(found?.range.start, { line: 1, character: 3 });
  t.regex(found?.message ?? '', /\n\S/);
  client.type(file, '<p>\n<% const a = 1 %><%= a %>');
  t.deepEqual(places(await client.diagnostics(file)), []);
});

interface Completions {
  readonly items: readonly { readonly label: string }[];
}

async function completed(file: string, page: string): Promise<string[]> {
  const found = await client.at<Completions | null>('textDocument/completion', file, page);
  return (found?.items ?? []).map(({ label }) => label);
}

test('names, members and data are completed, in pages that are not finished too', async (t) => {
  const file = join(site, 'shop/new.pih');
  const names = await completed(file, '<p><%= | %></p>');
  for (const name of ['Session', 'REQUEST', 'QUERY', 'redirect', 'Include'])
    t.true(names.includes(name), name);
  t.true((await completed(file, '<% const s = Session(); s.| %>')).includes('regenerate'));
  t.true((await completed(file, '<a href="<%= REQUEST.| %>">')).includes('method'));
  t.true((await completed(file, '<%= REQUEST.url.| %>')).includes('pathname'));
  t.true((await completed(file, '<% for (const n of [1]) { %><%= n.| %><% } %>')).includes('toFixed'));
  t.true((await completed(file, '<% if (f(REQUEST.| %>')).includes('method'));
  const added = "<% import { itemsIn } from './_data/cart.ts' %><%= | %>";
  t.true((await completed(file, added)).includes('itemsIn'));
});

test('a page name is offered with its text', async (t) => {
  const file = join(site, 'shop/new.pih');
  const found = await client.at<Completions>('textDocument/completion', file, '<p><%= | %></p>');
  for (const name of ['QUERY', 'Include'] as const) {
    const item = found.items.find(({ label }) => label === name);
    const { documentation } = await client.request<Documented>('completionItem/resolve', item);
    t.is(documentation.value, PAGE_NAME_TABLE[name].text);
  }
});

interface Documented {
  readonly documentation: { readonly value: string };
}

test('nothing of TypeScript is offered in HTML', async (t) => {
  const file = join(site, 'index.pih');
  t.false((await completed(file, '<p>S| <%= Session().id %></p>')).includes('Session'));
  t.is(await client.at('textDocument/hover', file, '<p>Sess|ion <%= Session().id %></p>'), null);
});

test('a name tells its type', async (t) => {
  const file = join(site, 'shop/new.pih');
  const page = "<% import { money } from './_data/money.ts' %>\n<b><%= mon|ey(100) %></b>";
  const found = await client.at<{ contents: { value: string }; range: LspRange }>(
    'textDocument/hover',
    file,
    page,
  );
  t.regex(found.contents.value, /money\(cents: number\): string/);
  t.deepEqual(found.range, { start: { line: 1, character: 7 }, end: { line: 1, character: 12 } });
});

test('a definition is found in a module, in the page and across blocks', async (t) => {
  const file = join(site, 'shop/new.pih');
  const method = 'textDocument/definition';
  const page = "<% import { money } from './_data/money.ts' %>\n<b><%= mon|ey(100) %></b>";
  const [found] = await client.at<{ targetUri?: string; uri?: string }[]>(method, file, page);
  t.is(found?.targetUri ?? found?.uri, pathToFileURL(join(site, 'shop/_data/money.ts')).href);
  const own = '<% const total = 1 %>\n<b><%= tot|al %></b>';
  const [place] = await client.at<{ uri: string; range: LspRange }[]>(method, file, own);
  t.is(place?.uri, pathToFileURL(file).href);
  t.deepEqual(place?.range.start, { line: 0, character: 9 });
});

test('data for a layout is checked against its Args', async (t) => {
  const file = join(site, 'new.pih');
  client.type(file, "<% Layout('/_parts/layout.pih', { titel: 'x' }) %>");
  t.deepEqual(places(await client.diagnostics(file)), ['1:35 2561']);
});

test('where karrigell is not installed an editor says so', async (t) => {
  const file = join(await folderWith(t, { 'site/a.pih': '<%= 1 + %>' }), 'site/a.pih');
  client.type(file);
  const [found, ...others] = await client.diagnostics(file);
  t.is(found?.code, 'not-installed');
  t.deepEqual(others, []);
});
