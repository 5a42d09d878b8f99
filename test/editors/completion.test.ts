// Completion of the names and paths of a site, of HTML, and the outline view, through the language server as an editor uses it.

import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import { writeFiles } from '../folder.ts';
import { LanguageClient, type LspRange } from './language-client.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(root, 'editors/vscode/server/dist/main.js');
/** `language-server.test.ts` says that the server is missing. */
const test: (title: string, run: (t: ExecutionContext) => Promise<void>) => void = existsSync(main)
  ? anyTest.serial
  : () => undefined;

const FILES = {
  'package.json': {},
  'site/index.pih': '<h1>Shop</h1>',
  'site/style.css': '',
  'site/logo.png': '',
  'site/_parts/layout.pih': "<main><%= CONTENT %></main><%= SECTION('side') %>",
  'site/_parts/field.pih': '<input name="<%= ARGS.name %>">',
  'site/_mails/order.txt.pih': 'Order',
  'site/shop/index.pih':
    '<form method="post" action="/shop/cart"><input name="quantity"><input name="color[]"><input type="file" name="photo"></form>',
  'site/shop/cart.pih':
    "<% const s = Session(); s.cart = _quantity %><%= QUERY['color[]'].length %><%= FILES.photo?.size %>",
  'site/shop/products/[id].pih': "<% const s = Session<any>(); s.set('seen', PARAMS.id) %>",
  'site/account.pih':
    '<h1 id="top">Account</h1><% import { schema } from \'./_schema.ts\'; const form = await Form(schema); %><%= form.ok %>',
  'site/_schema.ts': `interface Account { email: string; tags?: string[] }
export const schema = {
  '~standard': {
    version: 1, vendor: 'test', validate: (value: unknown) => ({ value: value as Account }),
    types: undefined as unknown as { input: Account; output: Account },
  },
} as const;
`,
};

let client: LanguageClient;
let folder: string;
/** The pages whose text in the editor is not that of their files. */
const typed = new Set<string>();

if (existsSync(main)) {
  anyTest.before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'karrigell-completion-')));
    await writeFiles(folder, FILES);
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/karrigell'), 'junction');
    client = await LanguageClient.start(main, folder);
  });
  anyTest.afterEach.always(() => {
    for (const name of typed) client.type(join(folder, 'site', name));
    typed.clear();
  });
  anyTest.after.always(async () => {
    await client?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

interface Item {
  readonly label: string;
  readonly detail?: string;
  readonly filterText?: string;
  readonly textEdit?: { readonly newText: string; readonly range: LspRange };
}

/** Types a page that is not saved. */
function type(name: string, text: string): void {
  typed.add(name);
  client.type(join(folder, 'site', name), text);
}

/** The items at the `|` of a page. */
async function items(name: string, page: string): Promise<readonly Item[]> {
  typed.add(name);
  const found = await client.at<{ items: readonly Item[] } | null>(
    'textDocument/completion',
    join(folder, 'site', name),
    page,
  );
  return found?.items ?? [];
}

async function labels(name: string, page: string): Promise<string[]> {
  return (await items(name, page)).map(({ label }) => label);
}

/** The page after an item is taken. */
async function taken(name: string, page: string, label: string): Promise<string> {
  const item = (await items(name, page)).find((each) => each.label === label);
  if (item?.textEdit === undefined) return `no ${label}`;
  const { newText, range } = item.textEdit;
  const text = page.replace('|', '');
  const lines = text.split('\n');
  const offset = ({ line, character }: LspRange['start']) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end));
}

const URLS = ['/', '/account', '/logo.png', '/shop/', '/shop/cart', '/shop/products/[id]', '/style.css'];

test('URLs of pages and static files are offered in attributes with a URL', async (t) => {
  t.deepEqual((await labels('index.pih', '<a href="|">x</a>')).sort(), URLS);
  t.deepEqual((await labels('index.pih', '<a href="|')).sort(), URLS);
  t.deepEqual((await labels('index.pih', "<a href='/sh|'>x</a>")).sort(), URLS);
  t.deepEqual((await labels('index.pih', '<% const a = 1 %>\r\n<img\r\n src="|" alt="">')).sort(), URLS);
  const pages = URLS.filter((url) => !url.includes('.'));
  t.deepEqual((await labels('index.pih', '<form action="|"></form>')).sort(), pages);
  t.deepEqual((await labels('index.pih', '<form><button formaction="/|">x</button></form>')).sort(), pages);
  t.deepEqual(await labels('index.pih', '<a href="https://|">x</a>'), []);
  t.deepEqual(await labels('index.pih', '<p title="|">x</p>'), []);
  t.deepEqual(await labels('index.pih', '<p>"|"</p>'), []);
});

test('a URL replaces the path around the cursor, and nothing behind it', async (t) => {
  const at = (page: string, label: string) => taken('shop/index.pih', page, label);
  t.is(await at('<a href="/sh|op/old?a=1#x">x</a>', '/shop/cart'), '<a href="/shop/cart?a=1#x">x</a>');
  t.is(await at('<a href="/sh|<%= 1 %>">x</a>', '/shop/cart'), '<a href="/shop/cart<%= 1 %>">x</a>');
  t.is(await at('<a href=|>x</a>', '/shop/cart'), '<a href="/shop/cart">x</a>');
  t.is(await at('<a href="/sh|\n<p class="a">', '/shop/cart'), '<a href="/shop/cart\n<p class="a">');
  t.is(await at('<p>ü\r\n<a href="|">x</a>', '/style.css'), '<p>ü\r\n<a href="/style.css">x</a>');
});

test('a page with a bracket is offered with a placeholder', async (t) => {
  const label = '/shop/products/[id]';
  t.is(await taken('index.pih', '<a href="|">', label), '<a href="/shop/products/${1:<%= id %>}">');
  t.is(await taken('index.pih', "<% redirect('|') %>", label), "<% redirect('/shop/products/${1:id}') %>");
  const behind = await items('index.pih', '<a href="/shop/<%= 1 %>/|">');
  t.deepEqual(behind, []);
});

test('a path goes on behind code that stands for a bracket', async (t) => {
  const name = 'site/shop/products/[id]/edit.pih';
  const file = join(folder, name);
  await writeFiles(folder, { [name]: '' });
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(file).href, type: 1 }] });
  const page = '<a href="/shop/products/<%= 1 %>/e|">';
  t.deepEqual(await labels('index.pih', page), ['/edit']);
  t.is(await taken('index.pih', page, '/edit'), '<a href="/shop/products/<%= 1 %>/edit">');
  const template = '<% redirect(`/shop/products/$' + '{1}/|`) %>';
  t.is(await taken('index.pih', template, '/edit'), template.replace('/|', '/edit'));
});

test('a relative path is offered where the author begins one', async (t) => {
  t.deepEqual((await labels('shop/index.pih', '<a href="c|">')).sort(), [
    'cart',
    'products/[id]',
    'products/[id]/edit',
  ]);
  t.true((await labels('shop/index.pih', '<a href="../|">')).includes('../style.css'));
  t.true((await labels('shop/index.pih', '<a href="./|">')).includes('./cart'));
});

test('anchors are those of the page that the URL leads to', async (t) => {
  t.deepEqual(await labels('shop/index.pih', '<a href="/account#|">x</a>'), ['top']);
  t.is(await taken('shop/index.pih', '<a href="/account#t|">x</a>', 'top'), '<a href="/account#top">x</a>');
});

test('the parts of the site are offered in Include, Layout and Render', async (t) => {
  const parts = await labels('index.pih', "<% Include('|') %>");
  t.true(parts.includes('/_parts/field.pih') && parts.includes('/shop/cart.pih'));
  t.false(parts.includes('/_mails/order.txt.pih'));
  t.true((await labels('index.pih', '<% await Render("/_|") %>')).includes('/_mails/order.txt.pih'));
  t.is(
    await taken('shop/index.pih', "<% Layout('../|') %>\r\n", '../_parts/layout.pih'),
    "<% Layout('../_parts/layout.pih') %>\r\n",
  );
  t.deepEqual(await labels('index.pih', "<% const Include = (a: string) => a; Include('|') %>"), []);
});

test('the fields of a form are the fields that its receiver reads', async (t) => {
  const form = '<form method="post" action="/shop/cart">';
  t.deepEqual(await labels('index.pih', `${form}<input name="|"></form>`), ['quantity', 'color[]', 'photo']);
  t.deepEqual(await labels('index.pih', `${form}<input name="|`), ['quantity', 'color[]', 'photo']);
  t.deepEqual(await labels('index.pih', `${form}<% if (1) { %>\r\n<select name='q|'></select>`), [
    'quantity',
    'color[]',
    'photo',
  ]);
  t.deepEqual(
    await labels('index.pih', `<form id="f" action="/shop/cart"></form><input form="f" name="|">`),
    ['quantity', 'color[]', 'photo'],
  );
  t.deepEqual(await labels('index.pih', '<form action="/style.css"><input name="|"></form>'), []);
  t.is(
    await taken('index.pih', `${form}<input name=|></form>`, 'photo'),
    `${form}<input name="photo"></form>`,
  );
});

test('the fields of a form are those of the schema of its receiver', async (t) => {
  const fields = await items('index.pih', '<form method="post" action="/account"><input name="|"></form>');
  t.deepEqual(
    fields.map(({ label, detail }) => `${label} ${detail}`),
    ['email in the schema of /account.pih', 'tags[] in the schema of /account.pih'],
  );
});

test('the fields of a page that is not saved count', async (t) => {
  type('shop/cart.pih', '<%= _unsaved %>');
  t.deepEqual(await labels('index.pih', '<form action="/shop/cart"><input name="|"></form>'), ['unsaved']);
});

test('a page is offered the fields that are sent to it', async (t) => {
  const own = async (page: string) => {
    const known = ['quantity', 'color[]', 'photo', 'typed', '_quantity', '_photo', '_typed'];
    return (await labels('shop/cart.pih', page)).filter((label) => known.includes(label));
  };
  t.deepEqual(await own('<%= _| %>'), ['_quantity']);
  t.deepEqual(await own('<% const a = 1;\r\nif (_qu|'), []);
  t.deepEqual(await own('<% const a = 1;\r\nif (_qu|) %>'), ['_quantity']);
  t.deepEqual(await own('<%= QUERY.| %>'), ['quantity', 'color[]']);
  t.deepEqual(await own('<%= QUERY.q| %>'), ['quantity', 'color[]']);
  t.deepEqual(await own("<%= QUERY['|'] %>"), ['quantity', 'color[]']);
  t.deepEqual(await own('<% const { | } = QUERY %>'), ['quantity', 'color[]']);
  t.deepEqual(await own('<%= FILES.| %>'), ['photo']);
  t.deepEqual(await own('<% const QUERY = { a: 1 }; QUERY.| %>'), []);
  t.is(await taken('shop/cart.pih', '<%= QUERY.| %>', 'color[]'), "<%= QUERY['color[]'] %>");
  type('shop/index.pih', '<form action="/shop/cart"><input name="typed"></form>');
  t.deepEqual(await own('<%= _| %>'), ['_typed']);
});

test('parameters, sections and session attributes are offered', async (t) => {
  t.true((await labels('shop/products/[id].pih', '<%= PARAMS.| %>')).includes('id'));
  const layout = "Layout('/_parts/layout.pih');";
  t.deepEqual(await labels('index.pih', `<% ${layout} Section('|', () => {}) %>`), ['side']);
  type('index.pih', `<% ${layout} Section('menu', () => {}) %>`);
  t.deepEqual(await labels('_parts/layout.pih', "<%= CONTENT %><%= SECTION('|') %>"), ['menu']);
  const attributes = async (page: string) =>
    (await labels('index.pih', page)).filter((label) => ['cart', 'seen'].includes(label)).sort();
  t.deepEqual(await attributes('<% const s = Session(); s.| %>'), ['cart', 'seen']);
  t.deepEqual(await attributes('<%= Session().get("|") %>'), ['cart', 'seen']);
  t.deepEqual(await attributes("<%= Session()['|'] %>"), ['cart', 'seen']);
  t.deepEqual(await attributes('<% await Session().update((data) => { data.| }) %>'), ['cart', 'seen']);
  t.deepEqual(await attributes('<% const s = new Map(); s.| %>'), []);
  t.deepEqual(await attributes("<% const s = new Map(); s.get('|') %>"), []);
});

test('HTML is completed in HTML, and nowhere else', async (t) => {
  t.true((await labels('index.pih', '<inp|')).includes('input'));
  t.true((await labels('index.pih', '<% if (1) { %>\r\n<sel| <% } %>')).includes('select'));
  t.true((await labels('index.pih', '<input <% if (1) { %>dis|<% } %>>')).includes('disabled'));
  t.true((await labels('index.pih', '<input type="|">')).includes('email'));
  t.true((await labels('index.pih', '<ul><li><%= "</ul>" %></|')).includes('/li'));
  t.true((await labels('index.pih', '<|')).includes('p'));
  for (const code of ['<% if (1 <| 2) %>', '<%= "<|" %>', '<% // <| %>', '<p title="<%= 1 <| %>">'])
    t.false((await labels('index.pih', code)).includes('input'), code);
  t.false((await labels('index.pih', '<% const a = 1;\n<inp|')).includes('input'));
  t.false((await labels('_mails/order.txt.pih', '<inp|')).includes('input'));
});

test('the hover text of an element is its description', async (t) => {
  const found = await client.at<{ contents: { value: string }; range: LspRange }>(
    'textDocument/hover',
    join(folder, 'site/index.pih'),
    '<% const a = 1 %>\r\n<inp|ut type="text">',
  );
  t.regex(found.contents.value, /\S/);
  t.deepEqual(found.range, { start: { line: 1, character: 1 }, end: { line: 1, character: 6 } });
});

interface OutlineSymbol {
  readonly name: string;
  readonly range: LspRange;
  readonly children?: readonly OutlineSymbol[];
}

test('the outline of a page has its headings, forms, ids, declarations and sections', async (t) => {
  type(
    'index.pih',
    [
      '<% const list = [1];',
      'type Args = { x: number };',
      'function row(n: number) { const inner = n; %>',
      '<h2>Row <b>no</b> <%= inner %></h2>',
      "<% } Section('side', () => { %>",
      '<form action="/shop/<%= 1 %>"><input name="q"></form>',
      '<% }); %>',
      '<h1>Title</h1><div id="main"><p',
    ].join('\r\n'),
  );
  const found = await client.request<readonly OutlineSymbol[]>('textDocument/documentSymbol', {
    textDocument: { uri: pathToFileURL(join(folder, 'site/index.pih')).href },
  });
  const lines = (symbols: readonly OutlineSymbol[], indent = ''): string[] =>
    [...symbols]
      .sort((a, b) => a.range.start.line - b.range.start.line)
      .flatMap(({ name, range, children = [] }) => [
        `${indent}${range.start.line + 1} ${name}`,
        ...lines(children, `${indent}  `),
      ]);
  t.deepEqual(lines(found), [
    '1 list',
    '2 Args',
    '3 row',
    '  3 inner',
    '  4 Row no …',
    '5 section side',
    '  6 form /shop/…',
    '    6 q',
    '8 Title',
    '8 #main',
  ]);
});
