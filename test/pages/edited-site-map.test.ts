// The map of a site in an editor: the names and paths that its pages can use, with unsaved texts.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { EditedSiteMap } from '../../engine/pages/edited-site/edited-site-map.ts';
import {
  anchorNames,
  type OfferedName,
  receivedFields,
  sectionNames,
  sentFields,
  sessionAttributes,
} from '../../engine/pages/edited-site/offered-names.ts';
import {
  offeredParts,
  offeredUrls,
  partPath,
  relativeUrl,
} from '../../engine/pages/edited-site/offered-paths.ts';
import { folderWith } from '../folder.ts';

const ALWAYS = 60_000;

interface Edited {
  readonly map: EditedSiteMap;
  readonly at: (name: string) => string;
  /** Types a text, or closes the file. */
  readonly type: (name: string, text: string | undefined) => Promise<void>;
  /** Saves a file; `undefined` removes it. */
  readonly save: (name: string, text: string | undefined) => Promise<void>;
}

async function edited(t: ExecutionContext, files: Record<string, string>): Promise<Edited> {
  const root = await folderWith(t, files);
  const at = (name: string) => join(root, name);
  const open = new Map<string, string>();
  const map = new EditedSiteMap({ root }, (file) => open.get(file));
  const update = async () => void t.true(await map.update(ALWAYS));
  await update();
  return {
    map,
    at,
    async type(name, text) {
      if (text === undefined) open.delete(at(name));
      else open.set(at(name), text);
      await update();
    },
    async save(name, text) {
      if (text === undefined) rmSync(at(name));
      else writeFileSync(at(name), text);
      map.diskChanged();
      await update();
    },
  };
}

function names(found: readonly OfferedName[]): string[] {
  return found.map(({ name }) => name).sort();
}

const FORM = '<form method="post" action="/send"><input name="city"><input type="file" name="photo"></form>';

test('a page is sent the fields of forms, links and redirects, unsaved ones too', async (t) => {
  const { map, at, type } = await edited(t, {
    'form.pih': FORM,
    'link.pih': '<a href="/send?topic=1">Send</a>',
    'away.pih': "<% redirect('/send?back=1') %>",
    'plain.html': '<form action="send"><select name="color[]"></select></form>',
    'send.pih': '<%= _city %>',
  });
  const sent = () => sentFields(map, at('send.pih'));
  t.deepEqual(names(sent()), ['back', 'city', 'color[]', 'photo', 'topic']);
  const photo = sent().find(({ name }) => name === 'photo');
  t.deepEqual(photo, { name: 'photo', pages: ['/form.pih'], types: ['file'] });
  await type('form.pih', FORM.replace('city', 'town'));
  t.deepEqual(names(sent()), ['back', 'color[]', 'photo', 'topic', 'town']);
  await type('form.pih', undefined);
  t.deepEqual(names(sent()), ['back', 'city', 'color[]', 'photo', 'topic']);
});

test('a page that does not parse at the moment counts as it was', async (t) => {
  const { map, at, type } = await edited(t, { 'form.pih': FORM, 'send.pih': '<%= _city %><%= QUERY.zip %>' });
  await type('form.pih', `${FORM.replace('city', 'town')}<% if ( %>`);
  t.deepEqual(names(sentFields(map, at('send.pih'))), ['city', 'photo']);
  await type('form.pih', FORM.replace('city', 'town'));
  await type('form.pih', `${FORM.replace('city', 'village')}<% if ( %>`);
  t.deepEqual(names(sentFields(map, at('send.pih'))), ['photo', 'town']);
  await type('send.pih', '<%= _city %><%= QUERY. %>');
  t.deepEqual(names(receivedFields(map, at('form.pih'), '/send').fields), ['city', 'zip']);
});

test('a change of a part or of a constant reaches the pages that have it', async (t) => {
  const { map, at, type, save } = await edited(t, {
    '_data/names.ts': "export const NAMES = ['city'];",
    '_parts/field.pih': '<input name="<%= ARGS.name %>">',
    'index.pih':
      "<% import { NAMES } from '/_data/names.ts' %><form><% for (const name of NAMES) Include('/_parts/field.pih', { name }) %></form>",
    'other.pih': 'nothing',
  });
  const sent = () => names(sentFields(map, at('index.pih')));
  t.deepEqual(sent(), ['city']);
  await save('_data/names.ts', "export const NAMES = ['town', 'zip'];");
  t.deepEqual(sent(), ['town', 'zip']);
  await type('_parts/field.pih', '<input name="<%= ARGS.name %>"><input name="more">');
  t.deepEqual(sent(), ['more', 'town', 'zip']);
  await save('_parts/field.pih', undefined);
  t.deepEqual(sent(), ['more', 'town', 'zip']);
  await type('_parts/field.pih', undefined);
  t.deepEqual(sent(), []);
});

test('a form may send the fields that its receivers read; a form in a part, the fields of all pages around it', async (t) => {
  const { map, at } = await edited(t, {
    '_parts/search.pih': '<form action="/find"><input name="q"></form>',
    '_parts/field.pih': '<input name="city">',
    'index.pih': "<% Include('_parts/search.pih') %>",
    'find.pih': '<%= _q %><%= QUERY.page %><% type Fields = { token: string } %>',
    'a/index.pih': '<form action="../find"><% Include(\'/_parts/field.pih\') %></form>',
    'own/[id].pih': '<%= _own %>',
  });
  t.deepEqual(names(receivedFields(map, at('_parts/search.pih'), '/find').fields), ['page', 'q', 'token']);
  t.deepEqual(names(receivedFields(map, at('_parts/field.pih'), undefined).fields), ['page', 'q', 'token']);
  t.deepEqual(names(receivedFields(map, at('own/[id].pih'), '').fields), ['own']);
  t.deepEqual(names(receivedFields(map, at('index.pih'), '/none').fields), []);
});

test('sections, session attributes and anchors are listed for the site', async (t) => {
  const { map, at } = await edited(t, {
    '_parts/layout.pih': "<%= CONTENT %><%= SECTION('side') %><%= SECTION('head') %>",
    'index.pih':
      "<% Layout('_parts/layout.pih'); Section('menu', () => { %><p>x</p><% }); Session().cart = 1 %><p id=\"top\">x</p>",
    'else.pih': "<%= Session().get('name') %>",
  });
  t.deepEqual(names(sectionNames(map, at('index.pih'), 'set')), ['head', 'side']);
  t.deepEqual(names(sectionNames(map, at('_parts/layout.pih'), 'shown')), ['menu']);
  t.deepEqual(names(sectionNames(map, at('else.pih'), 'set')), []);
  t.deepEqual(names(sessionAttributes(map)), ['cart', 'name']);
  t.deepEqual(names(anchorNames(map, at('else.pih'), '/')), ['top']);
});

test('URLs of pages and static files are listed, and parts that a call can name', async (t) => {
  const { map, at, save } = await edited(t, {
    '_before.pih': '',
    '_parts/card.pih': '',
    '_mails/order.txt.pih': '',
    'index.pih': '',
    'shop/index.pih': '',
    'shop/a b.pih': '',
    'shop/[id].pih': '',
    'docs/[...rest].pih': '',
    'style.css': '',
    '_secret.css': '',
    'cart.ts': '',
  });
  const urls = () => offeredUrls(map).map(({ path, params }) => path.replace('\uFDD0', `[${params}]`));
  const expected = ['/', '/docs/[rest]', '/shop/', '/shop/[id]', '/shop/a%20b', '/style.css'];
  t.deepEqual(urls().sort(), expected);
  await save('new.pih', '');
  t.deepEqual(urls().sort(), [...expected, '/new'].sort());
  const parts = (call: 'Include' | 'Render') =>
    offeredParts(map, at('index.pih'), call).filter((path) => path.startsWith('/_'));
  t.deepEqual(parts('Include'), ['/_parts/card.pih']);
  t.deepEqual(parts('Render'), ['/_mails/order.txt.pih', '/_parts/card.pih']);
  t.is(partPath(map, at('shop/index.pih')), '/shop/');
});

test('a relative URL leads from one path to another', (t) => {
  t.is(relativeUrl('/shop/cart', '/shop/'), 'cart');
  t.is(relativeUrl('/shop/cart', '/'), 'shop/cart');
  t.is(relativeUrl('/style.css', '/shop/a/b'), '../../style.css');
  t.is(relativeUrl('/shop/', '/shop/cart'), '');
});
