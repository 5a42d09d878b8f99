// karrigell/test: a visitor walks a site through its public face, without a port.

import test, { type ExecutionContext } from 'ava';
import { karrigell, Problem } from '../../engine/index.ts';
import { type Visitor, visit } from '../../engine/visit/index.ts';
import { folderWith } from '../folder.ts';

const FORM = `<!doctype html><title>Order</title>
<h1>Order</h1>
<form id="order" method="post" action="/done" enctype="multipart/form-data">
<input type="hidden" name="token" value="t1"><input name="email" value="old@b.c"><textarea name="note"></textarea>
<input type="checkbox" name="gift" value="yes"><input type="radio" name="size" value="s" checked><input type="radio" name="size" value="l">
<select name="country"><option value="fr">France</option><option value="de" selected>Germany</option></select>
<input name="tags[]" value="1"><input name="tags[]" value="2"><input type="file" name="photo"><input name="locked" disabled><input name="fixed" readonly>
<button name="go" value="buy">Buy</button><button name="go" value="wait" id="wait">Wait</button><button id="off" disabled>Off</button></form>
<a href="/count#here" class="next">Count</a> <a class="there" href="#bottom">down</a> <a id="out" href="https://example.com/">out</a> <b id="bold">x</b>`;

const SITE = {
  'index.pih': FORM,
  'done.pih': `<% const { token, email, gift, size, country, go } = QUERY; %><p id="got"><%= [token, email, gift, size, country, go, QUERY['tags[]'].join('+'), FILES.photo?.name, await FILES.photo?.text()].join(' ') %></p>`,
  'count.pih': '<% const s = Session(); s.count = s.get("count", 0) + 1; %><p>count <%= s.count %></p>',
  'save.pih':
    '<% const s = Session(); s.saved = true; redirect("/count", { status: Number(_status ?? 303) }); %>',
  'echo.pih': '<%= REQUEST.method %> <%= _a %> <%= REQUEST.headers.get("x-own") %>',
  'circle.pih': '<% redirect("/circle"); %>',
  'out.pih': '<% redirect("https://example.com/", { external: true }); %>',
  'again.pih': '<% redirect("/echo", { status: 307 }); %>',
  'cookie.pih':
    '<% RESPONSE.setCookie("kind", "ginger", { path: "/cookie" }); RESPONSE.deleteCookie("gone"); %>ok',
  'data.txt': 'plain & simple',
};

async function visitor(t: ExecutionContext, files: Record<string, string> = SITE): Promise<Visitor> {
  const opened = await visit({ root_dir: await folderWith(t, files) });
  t.teardown(() => opened.close());
  return opened;
}

test('a page is opened: status, address, text, html, headers', async (t) => {
  const v = await visitor(t);
  t.is(await v.open('/?a=1'), v);
  t.is(v.status, 200);
  t.is(v.url, '/?a=1');
  t.true(v.html.startsWith('<!doctype html>'));
  t.regex(v.text, /^Order\n/);
  t.is(v.headers.get('content-type'), 'text/html; charset=utf-8');
  await v.open('/nowhere');
  t.is(v.status, 404);
  await v.open('data.txt');
  t.is(v.text, 'plain & simple');
});

test('a form is sent as a browser sends it, with the values that were filled in', async (t) => {
  const v = await visitor(t);
  await v.open('/');
  await v.submit('#order', {
    email: 'a@b.c',
    gift: true,
    size: 'l',
    country: 'fr',
    'tags[]': ['3', '4'],
    photo: new File(['bytes'], 'p.jpg'),
  });
  t.is(v.find('#got')?.text, 't1 a@b.c yes l fr buy 3+4 p.jpg bytes');
  await v.open('/');
  await v.submit('#wait');
  t.is(v.find('#got')?.text, 't1 old@b.c s de wait 1+2');
  await v.open('/');
  await v.click('#wait');
  t.regex(v.text, /wait/);
});

test('links are followed, also inside the page', async (t) => {
  const v = await visitor(t);
  await v.open('/');
  await v.click('a.there');
  t.is(v.url, '/#bottom');
  t.is(v.status, 200);
  await v.click('a.next');
  t.is(v.url, '/count#here');
  t.is(v.text, 'count 1');
});

test('cookies are kept, and two visitors of a site are two', async (t) => {
  const app = await karrigell({
    root_dir: await folderWith(t, SITE),
    log: false,
    debug: false,
    watch: false,
  });
  t.teardown(() => app.close());
  const [one, two] = [await visit(app), await visit(app)];
  t.is(one.session, undefined);
  for (const expected of [1, 2, 3]) {
    await one.open('/count');
    t.deepEqual(one.session, { count: expected });
  }
  await two.open('/count');
  t.deepEqual(two.session, { count: 1 });
  t.not(one.cookies.sessionId, two.cookies.sessionId);
  await one.open('/cookie');
  t.is(one.cookies.kind, 'ginger');
  await one.open('/count');
  t.deepEqual(Object.keys(one.cookies), ['sessionId']);
  await one.close();
  await two.open('/count');
  t.is(two.status, 200);
});

test('a visitor without a stored session has none', async (t) => {
  const v = await visitor(t, { 'index.pih': '<%= Session().get("a", "none") %>' });
  await v.open('/');
  t.truthy(v.cookies.sessionId);
  t.is(v.session, undefined);
});

test('the session of every kind of store is seen', async (t) => {
  const secrets = ['0123456789abcdef0123456789abcdef'];
  for (const persistent_session of [
    false,
    { store: 'json', dir: await folderWith(t, {}) },
    { store: 'cookie', secrets },
  ]) {
    const v = await visit({ root_dir: await folderWith(t, SITE), persistent_session });
    await v.open('/count');
    await v.open('/count');
    t.deepEqual(v.session, { count: 2 });
    await v.close();
  }
});

test('redirects are followed as a browser follows them', async (t) => {
  const v = await visitor(t);
  for (const status of [301, 302, 303]) {
    await v.open(`/save?status=${status}`, { method: 'POST' });
    t.is(v.url, '/count');
  }
  await v.open('/save', { follow: false });
  t.is(v.status, 303);
  t.is(v.headers.get('location'), '/count');
  await v.open('/again', {
    method: 'POST',
    body: 'a=1',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  t.is(v.text, 'POST 1');
  await v.open('/out');
  t.is(v.status, 303);
  t.is(v.url, '/out');
  await t.throwsAsync(v.open('/circle'), { code: 'visit-redirects' });
});

test('further header fields are sent', async (t) => {
  const v = await visitor(t);
  await v.open('/echo', { headers: { 'X-Own': 'yes' } });
  t.is(v.text, 'GET yes');
});

test('elements are looked at', async (t) => {
  const v = await visitor(t);
  await v.open('/');
  const select = v.find('select');
  t.is(select?.value, 'de');
  t.is(select?.tag, 'select');
  t.is(select?.attr('NAME'), 'country');
  t.deepEqual(
    v.findAll('option').map(({ text, value }) => [text, value]),
    [
      ['France', undefined],
      ['Germany', undefined],
    ],
  );
  t.deepEqual(
    v.findAll('[type=radio]').map(({ checked }) => checked),
    [true, false],
  );
  t.is(v.find('#bold')?.html, '<b id="bold">x</b>');
  t.deepEqual(v.find('a')?.attributes, { href: '/count#here', class: 'next' });
  t.is(v.find('form')?.findAll('button').length, 3);
  t.is(v.find('form')?.find('h1'), undefined);
});

const WRONG: Readonly<Record<string, readonly [code: string, step: (v: Visitor) => unknown]>> = {
  'a selector that is none': ['visit-selector', (v) => v.find('[[')],
  'a form that is not there': ['visit-no-element', (v) => v.submit('#nothing')],
  'a link that is not there': ['visit-no-element', (v) => v.click('a.nothing')],
  'an element that cannot be clicked': ['visit-not-clickable', (v) => v.click('#bold')],
  'an element that cannot be submitted': ['visit-not-clickable', (v) => v.submit('[name=email]')],
  'a button that is disabled': ['visit-button-disabled', (v) => v.submit('#off')],
  'a field that the form lacks': ['visit-field-missing', (v) => v.submit('#order', { emial: 'x' })],
  'a button as a field': ['visit-field-missing', (v) => v.submit('#order', { go: 'x' })],
  'a disabled field': ['visit-field-disabled', (v) => v.submit('#order', { locked: 'x' })],
  'a read-only field': ['visit-field-disabled', (v) => v.submit('#order', { fixed: 'x' })],
  'an option that is not offered': ['visit-value-refused', (v) => v.submit('#order', { country: 'it' })],
  'a radio button that is not offered': ['visit-value-refused', (v) => v.submit('#order', { size: 'm' })],
  'too many values': ['visit-value-refused', (v) => v.submit('#order', { 'tags[]': ['1', '2', '3'] })],
  'several values of one field': ['visit-value-refused', (v) => v.submit('#order', { email: ['1', '2'] })],
  'a text for a file': ['visit-value-refused', (v) => v.submit('#order', { photo: 'x' })],
  'a file for a text': ['visit-value-refused', (v) => v.submit('#order', { email: new File([], 'x') })],
  'true for a text': ['visit-value-refused', (v) => v.submit('#order', { email: true })],
  'a link to another site': ['visit-elsewhere', (v) => v.click('#out')],
  'an address of another site': ['visit-elsewhere', (v) => v.open('https://example.com/')],
  'an address that is none': ['visit-elsewhere', (v) => v.open('http://[')],
};

for (const [title, [code, step]] of Object.entries(WRONG)) {
  test(`${title} is ${code}`, async (t) => {
    const v = await visitor(t);
    await v.open('/');
    const error = await t.throwsAsync(async () => step(v));
    t.true(error instanceof Problem && error.code === code, error?.message);
    t.is(v.url, '/');
  });
}

test('a mistyped field is answered with the nearest one', async (t) => {
  const v = await visitor(t);
  await v.open('/');
  await t.throwsAsync(v.submit('#order', { emial: 'x' }), {
    message: /its fields are token, email, .*Did you mean 'email'\?/,
  });
});

test('without a page there is nothing to look at', async (t) => {
  const v = await visitor(t);
  t.throws(() => v.text, { code: 'visit-no-page' });
});

test('a response that is no HTML has no elements', async (t) => {
  const v = await visitor(t);
  await v.open('/data.txt');
  t.throws(() => v.find('p'), { code: 'visit-no-html' });
});

test('forms that send nothing, and encodings that cannot be sent', async (t) => {
  const v = await visitor(t, {
    'index.pih':
      '<form id=a method=dialog></form><form id=b action="mailto:x@y.z"></form><form id=c accept-charset=big5><input name=a></form>',
  });
  await v.open('/');
  await t.throwsAsync(v.submit('#a'), { code: 'visit-form-sends-nothing' });
  await t.throwsAsync(v.submit('#b'), { code: 'visit-form-sends-nothing' });
  await t.throwsAsync(v.submit('#c'), { code: 'visit-charset' });
});

test('the host is the first of allowed_hosts, or the one that is asked for', async (t) => {
  const root_dir = await folderWith(t, { 'index.pih': '<%= REQUEST.url.origin %>' });
  const v = await visit({ root_dir, allowed_hosts: ['.example.com', 'shop.example.com'] });
  await v.open('/');
  t.is(v.text, 'http://shop.example.com');
  await v.close();
  const other = await visit({ root_dir }, { url: 'https://other.example' });
  await other.open('/');
  t.is(other.text, 'https://other.example');
  await other.close();
});

test('a request of another site is refused as over a network', async (t) => {
  const v = await visitor(t);
  await v.open('/count', { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site' } });
  t.is(v.status, 403);
});

test('a large body and a large page pass', async (t) => {
  const v = await visitor(t, {
    'index.pih': '<% for (let i = 0; i < 200000; i++) { %>0123456789<% } %>',
    'size.pih': '<%= REQUEST.body.length %>',
  });
  await v.open('/');
  t.is(v.html.length, 2_000_000);
  await v.open('/size', {
    method: 'POST',
    body: 'x'.repeat(900_000),
    headers: { 'Content-Type': 'text/plain' },
  });
  t.is(v.text, '900000');
});

test('a site that fails to open says why', async (t) => {
  await t.throwsAsync(visit({ root_dir: '/nowhere/at/all' }), { instanceOf: Problem });
});
