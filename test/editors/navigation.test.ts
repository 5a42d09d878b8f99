// Definitions, references and renaming across the pages of a site, through the language server. Without its packages (npm ci &&
// npm run build in editors/vscode) these tests are skipped.

import { symlinkSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import { folderWith, writeFiles } from '../folder.ts';
import type { LspRange } from './language-client.ts';
import { client, root, test } from './server-tests.ts';

/** A site in an editor. */
class EditedSite {
  readonly #folder: string;
  readonly #texts: Map<string, string>;

  private constructor(folder: string, texts: Map<string, string>) {
    this.#folder = folder;
    this.#texts = texts;
  }

  /** Writes the pages below `site/`, with karrigell and zod installed. */
  static async with(t: ExecutionContext, pages: Readonly<Record<string, string>>): Promise<EditedSite> {
    const files = Object.entries(pages).map(([name, text]) => [`site/${name}`, text] as const);
    const folder = await folderWith(t, Object.fromEntries(files));
    await mkdir(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/karrigell'));
    symlinkSync(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'));
    return new EditedSite(folder, new Map(Object.entries(pages)));
  }

  /** Writes the configuration; the editor does not tell of it. */
  configure(content: object): Promise<void> {
    return writeFiles(this.#folder, { 'karrigell.config.json': content });
  }

  file(name: string): string {
    return join(this.#folder, 'site', name);
  }

  /** Types an unsaved text. */
  type(name: string, text: string): void {
    this.#texts.set(name, text);
    client.type(this.file(name), text);
  }

  /** Sends a request about the position of a `|` in a page. */
  ask<Result>(method: string, name: string, marked: string): Promise<Result> {
    this.#texts.set(name, marked.replace('|', ''));
    return client.at<Result>(`textDocument/${method}`, this.file(name), marked);
  }

  /** The definitions in the site, as `page:line` with the text of the range. TypeScript adds those of its types. */
  async definition(name: string, marked: string): Promise<string[]> {
    const found = await this.ask<Located[] | null>('definition', name, marked);
    const shown = await Promise.all((found ?? []).map((each) => this.#shown(each)));
    return shown.filter((each) => !each.startsWith('file:')).sort();
  }

  async references(name: string, marked: string): Promise<string[]> {
    const found = await this.ask<Located[] | null>('references', name, marked);
    return Promise.all((found ?? []).map((each) => this.#shown(each))).then((all) => all.sort());
  }

  /** The pages that a renaming changes, as they are afterwards. */
  async rename(name: string, marked: string, newName: string): Promise<Record<string, string>> {
    const [textDocument, position] = placeIn(this.file(name), marked);
    const found = await client.request<{ changes: Record<string, TextEdit[]> } | null>(
      'textDocument/rename',
      {
        textDocument,
        position,
        newName,
      },
    );
    const base = `${pathToFileURL(this.file('')).href.replace(/\/$/, '')}/`;
    const after: Record<string, string> = {};
    for (const [uri, edits] of Object.entries(found?.changes ?? {})) {
      const each = decodeURIComponent(uri.slice(base.length));
      after[each] = edited(await this.text(each), edits);
    }
    return after;
  }

  async text(name: string): Promise<string> {
    return this.#texts.get(name) ?? readFile(this.file(name), 'utf8');
  }

  async #shown(found: Located): Promise<string> {
    const uri = found.targetUri ?? found.uri ?? '';
    const range = found.targetSelectionRange ?? found.range;
    const base = `${pathToFileURL(this.file('')).href.replace(/\/$/, '')}/`;
    const name = decodeURIComponent(uri.slice(base.length));
    if (!uri.startsWith(base) || range === undefined) return uri;
    const text = await this.text(name);
    const [start, end] = [offsetIn(text, range.start), offsetIn(text, range.end)];
    const line = range.start.line + 1;
    return start === end ? `${name}:${line}` : `${name}:${line} ${text.slice(start, end)}`;
  }
}

interface Located {
  readonly uri?: string;
  readonly range?: LspRange;
  readonly targetUri?: string;
  readonly targetSelectionRange?: LspRange;
}

interface TextEdit {
  readonly range: LspRange;
  readonly newText: string;
}

interface PreparedRename {
  readonly range: LspRange;
  readonly placeholder: string;
}

function placeIn(file: string, marked: string): readonly [{ uri: string }, LspRange['start']] {
  const lines = marked.slice(0, marked.indexOf('|')).split('\n');
  return [
    { uri: pathToFileURL(file).href },
    { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
  ];
}

function edited(text: string, edits: readonly TextEdit[]): string {
  return edits
    .map(({ range, newText }) => ({
      start: offsetIn(text, range.start),
      end: offsetIn(text, range.end),
      newText,
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((before, { start, end, newText }) => before.slice(0, start) + newText + before.slice(end), text);
}

function offsetIn(text: string, { line, character }: LspRange['start']): number {
  let at = 0;
  for (let index = 0; index < line; index++) at = text.indexOf('\n', at) + 1;
  return at + character;
}

const SIGN_UP = `<form method="post" action="/welcome">
<label for="email">E-mail</label> <input id="email" name="email">
<input name="tags[]">
</form>
`;
const WELCOME = `<p>Hello <%= _email %>, <%= QUERY.email %></p>
<% for (const tag of QUERY['tags[]']) { %><i><%= tag %></i><% } %>
`;

test('a field leads to the reads of the page that receives it, and a read to the fields', async (t) => {
  const site = await EditedSite.with(t, { 'index.pih': SIGN_UP, 'welcome.pih': WELCOME });
  const field = SIGN_UP.replace('name="em', 'name="em|');
  t.deepEqual(await site.definition('index.pih', field), ['welcome.pih:1 _email', 'welcome.pih:1 email']);
  const list = SIGN_UP.replace('tags[]', 't|ags[]');
  t.deepEqual(await site.definition('index.pih', list), ['welcome.pih:2 tags']);
  t.deepEqual(await site.definition('welcome.pih', WELCOME.replace('_em', '_em|')), ['index.pih:2 email']);
  t.deepEqual(await site.definition('welcome.pih', WELCOME.replace('Y.em', 'Y.em|')), ['index.pih:2 email']);
  t.deepEqual(await site.definition('welcome.pih', WELCOME.replace("'tags", "'ta|gs")), ['index.pih:3 tags']);
  t.deepEqual(await site.references('welcome.pih', WELCOME.replace('_em', '_em|')), [
    'index.pih:2 email',
    'welcome.pih:1 _email',
    'welcome.pih:1 email',
  ]);
});

test('uploads, destructured fields, the query of a URL and links send and read', async (t) => {
  const site = await EditedSite.with(t, {
    'index.pih':
      '<form method="post" enctype="multipart/form-data" action="/up"><input type="file" name="photo"></form>',
    'up.pih':
      '<% const { size } = FILES.photo ?? { size: 0 }; const { sort } = QUERY; %><%= size %><%= sort %>',
    'list.pih': '<a href="/up?sort=name&amp;page=2">up</a><% if (_x) redirect(\'/up?page=3\') %>',
    'next.pih': "<% if ('page' in QUERY) { %><%= REQUEST.url.searchParams.get('page') %><% } %>",
    'sent.pih': '<a href="next?page=1">next</a>',
  });
  const up = await site.text('up.pih');
  t.deepEqual(await site.definition('up.pih', up.replace('.photo', '.ph|oto')), ['index.pih:1 photo']);
  t.deepEqual(await site.definition('up.pih', up.replace('{ sort', '{ so|rt')), ['list.pih:1 sort']);
  const list = await site.text('list.pih');
  t.deepEqual(await site.definition('list.pih', list.replace('?sort', '?so|rt')), ['up.pih:1 sort']);
  const next = await site.text('next.pih');
  t.deepEqual(await site.definition('next.pih', next.replace("'page' in", "'pa|ge' in")), [
    'sent.pih:1 page',
  ]);
  const sent = await site.text('sent.pih');
  t.deepEqual(await site.definition('sent.pih', sent.replace('?pa', '?pa|')), [
    'next.pih:1 page',
    'next.pih:1 page',
  ]);
});

test('a field leads to the property in the schema of Form, and back', async (t) => {
  const schema =
    "import { z } from 'zod';\nexport const schema = z.object({ email: z.email(), tags: z.array(z.string()) });\n";
  const page =
    "<%\nimport { schema } from './_schema.ts';\nconst form = await Form(schema);\n%>\n<form method=\"post\"><input <%= form.attrs('email') %>></form>\n";
  const inline =
    "<%\nimport { z } from 'zod';\nconst form = await Form(z.object({ user: z.string() }));\n%>\n";
  const site = await EditedSite.with(t, {
    'index.pih': page,
    '_schema.ts': schema,
    'inline.pih': inline,
    'form.pih': '<form method="post" action="inline"><input name="user"></form>',
  });
  t.deepEqual(await site.definition('index.pih', page.replace("s('em", "s('em|")), ['_schema.ts:2 email']);
  const form = await site.text('form.pih');
  t.deepEqual(await site.definition('form.pih', form.replace('"user', '"us|er')), ['inline.pih:3 user']);
  t.true(
    (await site.definition('inline.pih', inline.replace('{ user', '{ us|er'))).includes('form.pih:1 user'),
  );
  t.deepEqual(await site.references('form.pih', form.replace('"user', '"us|er')), [
    'form.pih:1 user',
    'inline.pih:3 user',
  ]);
});

test('links, redirects, forms and sources lead to files, and a page to its links', async (t) => {
  const index =
    '<a href="/shop/">shop</a> <img src="a.png" alt=""> <form action="shop/pay" method="post"></form>\n<% if (REQUEST.method === \'POST\') redirect(\'shop/pay\'); %>\n';
  const site = await EditedSite.with(t, {
    'index.pih': index,
    'a.png': '',
    'shop/index.pih': '<p>Welcome to the shop</p>\n<a href="<%= \'pay\' %>">pay</a>',
    'shop/pay.pih': '<% const a = 1 %><p>Pay <%= a %></p>',
    'shop/[id].pih': '<a href="..">home</a> <a href="/shop/<%= PARAMS.id %>">this</a>',
  });
  t.deepEqual(await site.definition('index.pih', index.replace('/shop/"', '/sh|op/"')), ['shop/index.pih:1']);
  t.deepEqual(await site.definition('index.pih', index.replace('a.png', 'a|.png')), ['a.png:1']);
  t.deepEqual(await site.definition('index.pih', index.replace('"shop/pay', '"shop/p|ay')), [
    'shop/pay.pih:1',
  ]);
  t.deepEqual(await site.definition('index.pih', index.replace("'shop/pay", "'shop/p|ay")), [
    'shop/pay.pih:1',
  ]);
  const item = await site.text('shop/[id].pih');
  t.deepEqual(await site.definition('shop/[id].pih', item.replace('/shop/<', '/s|hop/<')), [
    'shop/[id].pih:1',
  ]);
  const shop = await site.text('shop/index.pih');
  t.deepEqual(await site.definition('shop/index.pih', shop.replace("'pay", "'p|ay")), ['shop/pay.pih:1']);
  const pay = await site.text('shop/pay.pih');
  t.deepEqual(await site.references('shop/pay.pih', pay.replace('Pay', 'P|ay')), [
    'index.pih:1 shop/pay',
    'index.pih:2 shop/pay',
    'shop/index.pih:2 pay',
  ]);
  t.deepEqual(await site.references('shop/[id].pih', item.replace('"..', '"|..')), ['shop/[id].pih:1 ..']);
});

test('a fragment leads to the element with its id, and an id to its links', async (t) => {
  const site = await EditedSite.with(t, {
    'index.pih':
      '<a href="/list#top">all</a> <a href="#end">end</a> <p id="end"><a href="/list#none">?</a></p>',
    'list.pih':
      '<% Layout("_layout.pih") %><a name="last">x</a><% if (_sort) redirect(`/list?sort=1#last`) %>',
    '_layout.pih': '<h1 id="top">List</h1><a href="#top">up</a><%= CONTENT %>',
    'help.html': '<h2 id="faq">FAQ</h2>',
    'more.pih': '<a href="/help.html#faq">help</a><a href=/list#top>all</a>',
  });
  const index = await site.text('index.pih');
  t.deepEqual(await site.definition('index.pih', index.replace('#to', '#to|')), ['_layout.pih:1 top']);
  t.deepEqual(await site.definition('index.pih', index.replace('/li', '/li|')), ['list.pih:1']);
  t.deepEqual(await site.definition('index.pih', index.replace('#en', '#en|')), ['index.pih:1 end']);
  t.deepEqual(await site.definition('index.pih', index.replace('#no', '#no|')), ['list.pih:1']);
  t.deepEqual(await site.references('index.pih', index.replace('id="en', 'id="en|')), [
    'index.pih:1 end',
    'index.pih:1 end',
  ]);
  const layout = await site.text('_layout.pih');
  const top = ['_layout.pih:1 top', '_layout.pih:1 top', 'index.pih:1 top', 'more.pih:1 top'];
  t.deepEqual(await site.references('_layout.pih', layout.replace('id="to', 'id="to|')), top);
  t.deepEqual(await site.references('index.pih', index.replace('#to', '#to|')), top);
  t.deepEqual(await site.definition('_layout.pih', layout.replace('id="to', 'id="to|')), [
    '_layout.pih:1 top',
    'index.pih:1 top',
    'more.pih:1 top',
  ]);
  const list = await site.text('list.pih');
  t.deepEqual(await site.definition('list.pih', list.replace('#la', '#la|')), ['list.pih:1 last']);
  const more = await site.text('more.pih');
  t.deepEqual(await site.definition('more.pih', more.replace('#fa', '#fa|')), ['help.html:1 faq']);
  t.is(await renamed(site, 'index.pih', index.replace('id="en', 'id="en|'), 'bottom'), 'nothing to rename');
});

test('a configuration that changes counts for the next request', async (t) => {
  const site = await EditedSite.with(t, { 'shop/index.pih': '', 'b.pih': 'b', 'shop/b.pih': 'b' });
  await site.configure({ root_dir: 'site' });
  t.deepEqual(await site.definition('shop/index.pih', '<a href="/|b">b</a>'), ['b.pih:1']);
  await site.configure({ root_dir: 'site/shop' });
  t.deepEqual(await site.definition('shop/index.pih', '<a href="/|b">b</a>'), ['shop/b.pih:1']);
});

test('Include, Render and Layout lead to their files, sections to the other side', async (t) => {
  const index =
    "<% Layout('/_layout.pih'); Section('side', () => { %><p>aside</p><% }); Include('_part.pih') %><%= await Render('/mail.txt.pih') %>";
  const layout = "<main><%= CONTENT %></main><%= SECTION('side') %>";
  const site = await EditedSite.with(t, {
    'index.pih': index,
    'other.pih': "<% Layout('_layout.pih') %>",
    '_layout.pih': layout,
    '_part.pih': '<b>part</b>',
    'mail.txt.pih': 'Hello',
  });
  t.deepEqual(await site.definition('index.pih', index.replace("'/_lay", "'/_lay|")), ['_layout.pih:1']);
  t.deepEqual(await site.definition('index.pih', index.replace("'_part", "'_part|")), ['_part.pih:1']);
  t.deepEqual(await site.definition('index.pih', index.replace("'/mail", "'/mail|")), ['mail.txt.pih:1']);
  t.deepEqual(await site.definition('index.pih', index.replace("n('side", "n('side|")), [
    '_layout.pih:1 side',
  ]);
  t.deepEqual(await site.definition('_layout.pih', layout.replace("'side", "'s|ide")), ['index.pih:1 side']);
  t.deepEqual(await site.references('_layout.pih', layout.replace('<main', '<m|ain')), [
    'index.pih:1 /_layout.pih',
    'other.pih:1 _layout.pih',
  ]);
  t.deepEqual(await site.references('_part.pih', '<b>p|art</b>'), ['index.pih:1 _part.pih']);
});

test('a read of a session attribute leads to its writes', async (t) => {
  const reader = "<% const s = Session(); %><%= s.cart %><%= s.get('cart', 0) %><%= s.flash('note') %>";
  const site = await EditedSite.with(t, {
    'reader.pih': reader,
    'writer.pih':
      "<% const s = Session(); s.cart = 1; s.set('cart', 2); redirect('/reader', { flash: { note: 'x' } }) %>",
  });
  const writes = ['writer.pih:1 cart', 'writer.pih:1 cart'];
  t.deepEqual(await site.definition('reader.pih', reader.replace('s.cart', 's.ca|rt')), writes);
  t.deepEqual(await site.definition('reader.pih', reader.replace("'cart", "'ca|rt")), writes);
  t.deepEqual(await site.definition('reader.pih', reader.replace("'note", "'no|te")), ['writer.pih:1 note']);
});

test('unsaved texts count, with CRLF and characters of several units', async (t) => {
  const site = await EditedSite.with(t, { 'index.pih': SIGN_UP, 'welcome.pih': WELCOME });
  site.type('welcome.pih', '<p>𝄞 ünsaved</p>\r\n<% const i = "😀"; %><%= _mail %>\r\n');
  const field = '<p>😀 ü</p>\r\n<form action="welcome"><i>😀</i><input name="ma|il"></form>\r\n';
  t.deepEqual(await site.definition('index.pih', field), ['welcome.pih:2 _mail']);
  t.deepEqual(
    await site.definition('welcome.pih', '<p>𝄞 ünsaved</p>\r\n<% const i = "😀"; %><%= _ma|il %>\r\n'),
    ['index.pih:2 mail'],
  );
});

/** The texts of the pages after a renaming, or the message of its refusal. */
async function renamed(
  site: EditedSite,
  name: string,
  marked: string,
  to: string,
): Promise<Record<string, string> | string> {
  try {
    const position = await site.ask<PreparedRename | null>('prepareRename', name, marked);
    if (position === null) return 'nothing to rename';
    return await site.rename(name, marked, to);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('a field is renamed in its form and in every page that reads it', async (t) => {
  const site = await EditedSite.with(t, {
    'index.pih': SIGN_UP,
    'welcome.pih': `${WELCOME}<% const { email = '' } = QUERY; const all = { _email }; %><%= email %><%= all._email %>`,
    'other.pih':
      '<a href="/welcome?email=a%40b.c&amp;tags[]=x">me</a><form action="/index"><input name="email"></form>',
  });
  const field = SIGN_UP.replace('name="em', 'name="em|');
  const after = {
    'index.pih': SIGN_UP.replace('name="email"', 'name="mail"'),
    'welcome.pih': `${WELCOME.replace('_email', '_mail').replace('QUERY.email', 'QUERY.mail')}<% const { mail: email = '' } = QUERY; const all = { _email: _mail }; %><%= email %><%= all._email %>`,
    'other.pih':
      '<a href="/welcome?mail=a%40b.c&amp;tags[]=x">me</a><form action="/index"><input name="email"></form>',
  };
  t.deepEqual(await renamed(site, 'index.pih', field, 'mail'), after);
  const list = SIGN_UP.replace('tags[]', 't|ags[]');
  t.deepEqual(await renamed(site, 'index.pih', list, 'labels'), {
    'index.pih': SIGN_UP.replace('tags', 'labels'),
    'welcome.pih': (await site.text('welcome.pih')).replace('tags', 'labels'),
    'other.pih': (await site.text('other.pih')).replace('tags', 'labels'),
  });
});

test('a field of a schema is renamed with all that its type reaches', async (t) => {
  const schema =
    "import { z } from 'zod';\nexport const schema = z.object({ email: z.email(), age: z.coerce.number() });\n";
  const page = `<%
import { schema } from './_schema.ts';
const form = await Form(schema);
if (form.ok) { const { email } = form.data; print(email, form.data.email); }
%>
<form method="post">
<p id="email-error"><%= form.error('email') ?? form.errors.email %></p>
<input <%= form.attrs('email') %> aria-describedby="hint email-error"><input <%= form.attrs('age') %>>
</form>
`;
  const site = await EditedSite.with(t, { 'index.pih': page, '_schema.ts': schema });
  const after = {
    'index.pih': page
      .replace('{ email }', '{ mail: email }')
      .replace('data.email', 'data.mail')
      .replace("error('email')", "error('mail')")
      .replace('errors.email', 'errors.mail')
      .replaceAll('email-error', 'mail-error')
      .replace("attrs('email')", "attrs('mail')"),
    '_schema.ts': schema.replace('{ email', '{ mail'),
  };
  for (const [here, there] of [
    ["attrs('em", "attrs('em|"],
    ['data.em', 'data.em|'],
  ] as const)
    t.deepEqual(await renamed(site, 'index.pih', page.replace(here, there), 'mail'), after);
});

test('sections and session attributes are renamed in all pages', async (t) => {
  const site = await EditedSite.with(t, {
    'index.pih': "<% Layout('_layout.pih'); Section('side', () => { %><p>aside</p><% }) %>",
    'other.pih':
      '<% Layout(\'_layout.pih\'); Section("side", () => { %><p>aside</p><% }); const s = Session(); const { cart } = s; %><%= cart %>',
    '_layout.pih': "<%= SECTION('side') %><%= CONTENT %>",
    'cart.pih': "<% const s = Session<{ cart: number }>(); s.cart = 1; if ('cart' in s) s.set('cart', 3); %>",
  });
  const index = await site.text('index.pih');
  t.deepEqual(await renamed(site, 'index.pih', index.replace("n('side", "n('si|de"), 'aside'), {
    'index.pih': index.replace("n('side", "n('aside"),
    'other.pih': (await site.text('other.pih')).replace('"side', '"aside'),
    '_layout.pih': (await site.text('_layout.pih')).replace("'side", "'aside"),
  });
  const cart = await site.text('cart.pih');
  const all = {
    'cart.pih': cart.replaceAll('cart', 'basket'),
    'other.pih': (await site.text('other.pih')).replace('{ cart }', '{ basket: cart }'),
  };
  t.deepEqual(await renamed(site, 'cart.pih', cart.replace('s.cart', 's.c|art'), 'basket'), all);
  t.deepEqual(await renamed(site, 'cart.pih', cart.replace('{ cart', '{ c|art'), 'basket'), all);
});

const REFUSED: Readonly<
  Record<string, { pages: Record<string, string>; at: string; to?: string; says: RegExp }>
> = {
  'the receiver reads computed names': {
    pages: { 'welcome.pih': '<% for (const n of _all ?? []) { %><%= QUERY[n] %><% } %><%= _email %>' },
    at: 'name="em|',
    says: /'email' cannot be renamed: \/welcome\.pih:1 may read any field/,
  },
  'the receiver hands QUERY on': {
    pages: { 'welcome.pih': '<% JSON.stringify(QUERY) %>' },
    at: 'name="em|',
    says: /\/welcome\.pih:1 may read any field/,
  },
  'the address is computed': {
    pages: { 'index.pih': '<form action="<%= _to %>"><input name="email"></form>' },
    at: 'name="em|',
    says: /\/index\.pih:1 sends 'email' to a computed address/,
  },
  'another form sends it to a computed address': {
    pages: { 'third.pih': '<form action="<%= _to %>"><input name="email"></form>' },
    at: 'name="em|',
    says: /\/third\.pih:1 sends 'email' to a computed address/,
  },
  'the form has computed names': {
    pages: { 'index.pih': '<form action="/welcome"><input name="email"><input name="<%= _n %>"></form>' },
    at: 'name="em|',
    says: /the form in \/index\.pih:1 may have fields whose names are computed/,
  },
  'the name is computed': {
    pages: { 'welcome.pih': "<% const key = 'email' %><%= QUERY[key] %>" },
    at: 'name="em|',
    says: /\/welcome\.pih:1 uses 'email' by a name that code computes/,
  },
  'a script has the word': {
    pages: { 'welcome.pih': "<%= _email %><script>document.querySelector('[name=email]')</script>" },
    at: 'name="em|',
    says: /a script in \/welcome\.pih has the word 'email'/,
  },
  'a page that has the word does not parse': {
    pages: { 'third.pih': '<% if (_email { %>' },
    at: 'name="em|',
    says: /\/third\.pih has an error/,
  },
  'others send the field': {
    pages: { 'welcome.pih': '<% type Fields = { email: string } %><%= _email %>' },
    at: 'name="em|',
    says: /others send 'email'/,
  },
  'the new name is taken': { pages: {}, at: 'name="em|', to: 'tags', says: /uses the name 'tags' already/ },
  'the new name is no identifier': {
    pages: {},
    at: 'name="em|',
    to: 'e-mail',
    says: /'e-mail' is no identifier/,
  },
  'the new name would end the attribute': {
    pages: {},
    at: 'name="em|',
    to: 'a"b',
    says: /is no name of a field/,
  },
};

for (const [title, { pages, at, to = 'mail', says }] of Object.entries(REFUSED))
  test(`a field is not renamed: ${title}`, async (t) => {
    const all: Record<string, string> = { 'index.pih': SIGN_UP, 'welcome.pih': WELCOME, ...pages };
    const site = await EditedSite.with(t, all);
    const text = await renamed(
      site,
      'index.pih',
      (all['index.pih'] ?? '').replace(at.replace('|', ''), at),
      to,
    );
    t.regex(String(text), says);
  });

test('a literal that a variable hands to the object of Form is not renamed', async (t) => {
  const page = `<%
import { z } from 'zod';
const form = await Form(z.object({ email: z.string() }));
const keys = ['email'] as const;
%>
<form method="post"><input name="email"></form><% for (const key of keys) { %><%= form.error(key) %><% } %>
`;
  const site = await EditedSite.with(t, { 'index.pih': page });
  const message = await renamed(site, 'index.pih', page.replace('name="em', 'name="em|'), 'mail');
  t.regex(String(message), /\/index\.pih:4 has the text 'email'/);
});

test('a session that is handed on keeps its names', async (t) => {
  const page = '<% const s = Session(); s.cart = 1; JSON.stringify(s) %>';
  const site = await EditedSite.with(t, { 'index.pih': page });
  const message = await renamed(site, 'index.pih', page.replace('s.cart', 's.c|art'), 'basket');
  t.regex(String(message), /\/index\.pih:1 hands the session on/);
});

test("names of the page's own code are TypeScript's to rename", async (t) => {
  const page = '<% const total = 1 %>\n<b><%= total %></b>';
  const site = await EditedSite.with(t, { 'index.pih': page });
  t.deepEqual(await renamed(site, 'index.pih', page.replace('<%= to', '<%= to|'), 'sum'), {
    'index.pih': page.replaceAll('total', 'sum'),
  });
});

test('a parameter of a path and a name of karrigell are not renamed', async (t) => {
  const page = `<% const { id } = PARAMS; type Args = { title: string } %>
<%= PARAMS.id %><%= PARAMS['id'] %><%= id %><%= ARGS.title %>`;
  const name = 'shop/[id].pih';
  const site = await EditedSite.with(t, { [name]: page, 'shop/[...rest].pih': '<%= PARAMS.rest %>' });
  for (const place of ['PARAMS.i', "PARAMS['i"])
    t.is(
      await renamed(site, name, page.replace(place, `${place}|`), 'sku'),
      "'id' cannot be renamed: it is a part of the path /shop/[id].pih. Rename the file or folder, then the name in its code",
    );
  t.regex(
    String(await renamed(site, 'shop/[...rest].pih', '<%= PARAMS.re|st %>', 'path')),
    /part of the path/,
  );
  for (const place of ['PARA', 'type Ar', 'AR'])
    t.regex(
      String(await renamed(site, name, page.replace(place, `${place}|`), 'other')),
      /'(?:PARAMS|Args|ARGS)' cannot be renamed: it is a name of karrigell/,
      place,
    );
  t.deepEqual(await renamed(site, name, page.replace('<%= id', '<%= id|'), 'sku'), {
    [name]: page.replace('{ id }', '{ id: sku }').replace('<%= id', '<%= sku'),
  });
  t.deepEqual(await renamed(site, name, page.replace('ARGS.ti', 'ARGS.ti|'), 'heading'), {
    [name]: page.replaceAll('title', 'heading'),
  });
});

test('a field that a part gets by name and that the part does not send is not renamed', async (t) => {
  const page = `<%
import { z } from 'zod';
const form = await Form(z.object({ email: z.string() }));
Include('_error.pih', { form, name: 'email' });
%>
<form method="post"><input <%= form.attrs('email') %>></form>
`;
  const part =
    '<% type Args = { form: { error(name: string): string | undefined }; name: string } %><%= ARGS.form.error(ARGS.name) %>';
  const site = await EditedSite.with(t, { 'index.pih': page, '_error.pih': part });
  const message = await renamed(site, 'index.pih', page.replace("attrs('em", "attrs('em|"), 'mail');
  t.regex(String(message), /\/index\.pih:4 has the text 'email'/);
});
