// Which printed forms get a token (docs/exactly-once.md): decided by the tag as it was printed.

import test, { type ExecutionContext } from 'ava';
import { serveSite } from '../site-fixture.ts';
import { printedForms, sent, TOKEN_FIELD } from './printed-forms.ts';

const ONCE = '<% const once = await Once(); %>done';

const TARGETS = {
  'order.pih': ONCE,
  'plain.pih': 'plain',
  'shop/index.pih': ONCE,
  'orders/[id].pih': ONCE,
  'in-part.pih': "<% await Include('_part.pih') %>",
  '_part.pih': ONCE,
  'in-layout.pih': "<% Layout('_layout.pih') %>text",
  '_layout.pih': `${ONCE}<%= CONTENT %>`,
  'broken.pih': '<% await Once(',
};

const WITH_TOKEN: readonly (readonly [what: string, tag: string])[] = [
  ['a literal action', '<form method="post" action="/order">'],
  ['other spellings', "<FORM  Action='/order'\n METHOD=PoSt >"],
  ['a relative action', '<form method=post action=order>'],
  ['an action with a query', '<form method="post" action="/order?step=2&amp;x=1#end">'],
  ['a folder, which redirects', '<form method="post" action="/shop">'],
  ['a folder', '<form method="post" action="/shop/">'],
  ['a bracketed page', '<form method="post" action="/orders/7">'],
  ['Once in a part', '<form method="post" action="/in-part">'],
  ['Once in a layout', '<form method="post" action="/in-layout">'],
  ['a computed action', '<form method="post" action="/<%= \'order\' %>">'],
  ['a computed method', '<form method="<%= \'POST\' %>" action="/order">'],
  ['an action in raw output', '<form method="post" <%- \'action="/order"\' %>>'],
  ['code inside of the tag', '<form <% if (1 > 0) { %>method="post"<% } %> action="/order">'],
  ['this origin in full', '<form method="post" action="<%= REQUEST.url.origin %>/order">'],
  ['an encoded action', '<form method="post" action="/%6frder">'],
  ['a value with a > in it', '<form method="post" title="a > b" action="/order">'],
  ['blanks around the action', '<form method="post" action=" /order ">'],
];

const WITHOUT: readonly (readonly [what: string, tag: string])[] = [
  ['no method', '<form action="/order">'],
  ['GET', '<form method="get" action="/order">'],
  ['a computed GET', '<form method="<%= \'get\' %>" action="/order">'],
  ['dialog', '<form method="dialog" action="/order">'],
  ['a page without Once', '<form method="post" action="/plain">'],
  ['no page', '<form method="post" action="/nothing">'],
  ['a part without a URL', '<form method="post" action="/_part">'],
  ['a page that does not compile', '<form method="post" action="/broken">'],
  ['another origin', '<form method="post" action="https://other.example/order">'],
  ['another host without a scheme', '<form method="post" action="//other.example/order">'],
  ['another scheme', '<form method="post" action="https://<%= REQUEST.url.host %>/order">'],
  ['no URL', '<form method="post" action="http://[">'],
  ['the first of two methods', '<form method="get" method="post" action="/order">'],
  ['raw output', '<%- \'<form method="post" action="/order">\' %>'],
  ['a computed action elsewhere', '<form method="post" action="/<%= \'plain\' %>">'],
];

/** Each row as a page, in a site with the targets; whether the form of each has a token. */
async function tokensOf(
  t: ExecutionContext,
  rows: typeof WITH_TOKEN,
  debug: boolean,
): Promise<Record<string, boolean[]>> {
  const pages = rows.map(([, tag], index) => [`row${index}.pih`, `<p>${tag}<input name="n"></form>`]);
  const site = await serveSite(t, { ...TARGETS, ...Object.fromEntries(pages) }, { debug });
  const found: Record<string, boolean[]> = {};
  for (const [index, [what]] of rows.entries()) {
    const forms = printedForms(await site.text(`/row${index}`));
    found[what] = forms.map(({ token }) => token !== undefined);
  }
  return found;
}

for (const debug of [false, true]) {
  test(`forms that are sent to a page with Once by POST get a token, debug ${debug}`, async (t) => {
    const expected = Object.fromEntries(WITH_TOKEN.map(([what]) => [what, [true]]));
    t.deepEqual(await tokensOf(t, WITH_TOKEN, debug), expected);
  });

  test(`other forms get none, debug ${debug}`, async (t) => {
    const expected = Object.fromEntries(WITHOUT.map(([what]) => [what, [false]]));
    t.deepEqual(await tokensOf(t, WITHOUT, debug), expected);
  });
}

/** The tokens of a page of a site with the targets. */
async function tokens(t: ExecutionContext, page: string): Promise<(string | undefined)[]> {
  const site = await serveSite(t, { ...TARGETS, 'page.pih': page });
  return printedForms(await site.text('/page')).map(({ token }) => token);
}

const FORM = '<form method="post" action="/order"><button>Buy</button></form>';
const SPLIT = '<form method="post" action="/<%= name %>"><button>Buy</button></form>';

test('a form without an action is sent to the page that prints it', async (t) => {
  const site = await serveSite(t, { 'order.pih': `${ONCE}<form method="post">` });
  const [form] = printedForms(await site.text('/order?step=2'));
  t.is(form?.token?.length, 24);
});

test('every printed form has a token of its own', async (t) => {
  const found = await tokens(
    t,
    `<% for (const name of ['order', 'plain', 'order']) { %>${SPLIT}${FORM}<% } %>`,
  );
  t.deepEqual(
    found.map((token) => token !== undefined),
    [true, true, false, true, true, true],
  );
  t.is(new Set(found).size, 6);
});

test('forms in functions, sections, parts, layouts and children get tokens', async (t) => {
  const site = await serveSite(t, {
    ...TARGETS,
    '_frame.pih': `${FORM}<%= SECTION('side') %><%= CONTENT %>`,
    '_box.pih': `${FORM}<%= CONTENT %>`,
    'page.pih': `<% Layout('_frame.pih'); const name = 'order'; function buy() { %>${SPLIT}<% } buy();
      Section('side', () => { %>${FORM}${SPLIT}<% });
      Include('_box.pih', undefined, () => { %>${SPLIT}<% buy(); }) %>`,
  });
  const forms = printedForms(await site.text('/page'));
  t.is(forms.length, 7);
  t.true(forms.every(({ token }) => token !== undefined));
});

test('a form that an exception removes takes its token along, and the next one has its own', async (t) => {
  const page = `<% const name = 'order'; const fail = () => { throw new Error('no'); };
    try { %><p title="<%= fail() %>">${FORM}<% } catch { %>${FORM}<% }
    try { %>${SPLIT}<form method="post" action="<%= fail() %>"><% } catch { %>${SPLIT}<% } %>`;
  const found = await tokens(t, page);
  t.is(found.length, 3);
  t.true(found.every((token) => token !== undefined));
});

test('text that only looks like a form is left as it is', async (t) => {
  const page = `<!-- ${FORM} --><textarea>${FORM}</textarea><script>const a = '<form method="post" action="/order">';</script><formula method="post" action="/order">`;
  const site = await serveSite(t, { ...TARGETS, 'page.pih': page });
  t.is(await site.text('/page'), page);
});

test('a response with a token is not stored, whatever cache headers the page sets', async (t) => {
  const site = await serveSite(t, {
    ...TARGETS,
    'page.pih': `<% RESPONSE.headers.set('Cache-Control', 'public, max-age=60') %>${FORM}`,
    'session.pih': `<% Session() %>${FORM}`,
    'streamed.pih': `before<% await RESPONSE.flush(); %>${FORM}`,
    'other.pih': `<% RESPONSE.headers.set('Cache-Control', 'public, max-age=60') %><form method="post" action="/plain">`,
  });
  const cacheControl = async (path: string) => (await site.get(path)).headers.get('cache-control');
  t.is(await cacheControl('/page'), 'no-store');
  t.is(await cacheControl('/session'), 'no-store');
  t.is(await cacheControl('/streamed'), 'no-store');
  t.is(await cacheControl('/other'), 'public, max-age=60');
  t.not(printedForms(await site.text('/streamed'))[0]?.token, undefined);
});

test('a site without Once prints no token', async (t) => {
  const site = await serveSite(t, { 'page.pih': FORM, 'order.pih': 'once' });
  t.is(await site.text('/page'), FORM);
});

test('no page sees the token', async (t) => {
  const show = '<%- JSON.stringify([QUERY, FILES]) %>';
  const site = await serveSite(t, {
    ...TARGETS,
    'order.pih': `<% await Once(); %>${show}`,
    'plain.pih': show,
    'body.pih': '<%- Buffer.from(REQUEST.body).toString() %>',
    'page.pih': '<form method="post" action="/order"><input name="what" value="tea"></form>',
  });
  const [form] = printedForms(await site.text('/page'));
  if (form === undefined) return t.fail();
  t.is(await site.text('/order', sent(form)), '[{"what":"tea"},{}]');
  t.is(await site.text('/plain', sent(form)), '[{"what":"tea"},{}]');
  t.is(await site.text('/body', sent(form)), 'what=tea');
  const body = new FormData();
  body.append(TOKEN_FIELD, form.token ?? '');
  body.append('what', 'tea');
  t.is(await site.text('/plain', { method: 'POST', body }), '[{"what":"tea"},{}]');
  t.false(site.requests.some((line) => line.includes(form.token ?? '-')));
});
