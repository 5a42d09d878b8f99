// Refusals keep the work (docs/going-live.md, *Errors*): a form of this site that is answered with 409, 413, 500 or 503 can be
// sent again.

import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { ConfigInput } from '../../config/schema.ts';
import { HttpErrorResult } from '../../engine/runtime/page-result.ts';
import { ownStore } from '../session/stores/own-stores.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';
import { fakeSite } from './fake-site.ts';

const HTML = 'text/html,application/xhtml+xml';
const FORM = 'application/x-www-form-urlencoded';

/** The page fails with the status in its URL. */
const FAILING = {
  'fail.pih': '<% throw QUERY.status === "500" ? new Error("broken") : HttpError(Number(QUERY.status)) %>',
};
const CLOSED: ConfigInput = { debug: false };

interface Again {
  readonly action: string | undefined;
  readonly method: string | undefined;
  readonly enctype: string | undefined;
  readonly fields: [string, string][];
  readonly text: string;
}

/** The form of a page that sends again; undefined if the page has none. */
function againIn(html: string): Again | undefined {
  const [form] = elements(parse(html)).filter((element) => attribute(element, 'class') === 'send-again');
  if (form === undefined) return undefined;
  const fields = elements(form)
    .filter(({ tagName }) => tagName === 'input' || tagName === 'textarea')
    .map((element): [string, string] => [
      attribute(element, 'name') ?? '',
      element.tagName === 'input' ? (attribute(element, 'value') ?? '') : textOf(element),
    ]);
  return {
    action: attribute(form, 'action'),
    method: attribute(form, 'method'),
    enctype: attribute(form, 'enctype'),
    fields,
    text: textOf(form),
  };
}

function elements(node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Element[] {
  const below = 'childNodes' in node ? node.childNodes.flatMap(elements) : [];
  return 'tagName' in node ? [node, ...below] : below;
}

function attribute({ attrs }: DefaultTreeAdapterTypes.Element, name: string): string | undefined {
  return attrs.find((each) => each.name === name)?.value;
}

function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

interface Sending {
  readonly body?: string | FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** Posts as a browser posts a form. */
function post(site: TestSite, path: string, { body, headers, method = 'POST' }: Sending): Promise<Response> {
  const type = typeof body === 'string' ? { 'content-type': FORM } : {};
  const init: RequestInit = { method, headers: { accept: HTML, ...type, ...headers } };
  if (body !== undefined) init.body = body;
  return site.get(path, init);
}

async function again(response: Response): Promise<Again | undefined> {
  return againIn(await response.text());
}

const FIELDS: [string, string][] = [
  ['b', '1'],
  ['a[]', 'x'],
  ['b', '2'],
  ['a[]', ''],
  ['text', '<b a="\'&amp;">\r\nline\r\n'],
  ['<"\'&>', '</textarea></form><script>alert(1)</script>'],
  ['first line', '\r\n\r\nlast'],
  ['_charset_', '\r\nas it was'],
  ['ü€𝒳', '\u{1f600}\u2028\ufeff\u0001'],
];

for (const status of [409, 413, 500, 503]) {
  test(`a form that is answered with ${status} is in the page, in its order, and is not stored`, async (t) => {
    const site = await serveSite(t, FAILING, CLOSED);
    const response = await post(site, `/fail?status=${status}`, {
      body: String(new URLSearchParams(FIELDS)),
    });
    t.is(response.status, status);
    t.is(response.headers.get('cache-control'), 'no-store');
    const found = await again(response);
    t.regex(found?.text ?? '', /kept in this page\.Send it again$/);
    t.deepEqual(found, {
      action: '',
      method: 'post',
      enctype: FORM,
      fields: FIELDS.map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]),
      text: found?.text,
    });
  });
}

test('a multipart form is sent again as one, without its files', async (t) => {
  const site = await serveSite(t, FAILING, CLOSED);
  const body = new FormData();
  for (const [name, value] of FIELDS) body.append(name, value);
  const plain = await again(await post(site, '/fail?status=503', { body }));
  t.is(plain?.enctype, 'multipart/form-data');
  t.deepEqual(
    plain?.fields,
    FIELDS.map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]),
  );
  t.false(plain?.text.includes('Files'));
  body.append('photo', new File(['secret bytes'], 'a.png'));
  body.append('last', '1');
  const response = await post(site, '/fail?status=500', { body });
  const html = await response.text();
  t.false(html.includes('secret bytes') || html.includes('a.png'));
  t.deepEqual(
    againIn(html)
      ?.fields.slice(-2)
      .map(([name]) => name),
    ['ü€𝒳', 'last'],
  );
  t.regex(againIn(html)?.text ?? '', /Files, passwords and codes are not kept/);
});

test('secrets are left out: by their names, by secret_fields, and fields that a page shows as a password', async (t) => {
  const files = {
    ...FAILING,
    'login.pih': '<form method="post"><input type="password" name="geheim"></form>',
  };
  const site = await serveSite(t, files, { ...CLOSED, secret_fields: ['pesel'] });
  await site.text('/login');
  const names = ['name', 'password', 'card[cvc]', 'newPassword2', 'pesel', 'geheim', 'author'];
  const body = String(new URLSearchParams(names.map((name): [string, string] => [name, `value of ${name}`])));
  const response = await post(site, '/fail?status=409', { body });
  const html = await response.text();
  t.deepEqual(againIn(html)?.fields, [
    ['name', 'value of name'],
    ['author', 'value of author'],
  ]);
  for (const secret of ['value of password', 'cvc', 'newPassword2', 'pesel', 'geheim'])
    t.false(html.includes(secret), secret);
  t.regex(againIn(html)?.text ?? '', /passwords and codes are not kept/);
});

const BODY = 'name=Jean';

/** Requests that get no form. */
const NONE: Readonly<Record<string, Sending>> = {
  'of a client that accepts no HTML': { body: BODY, headers: { accept: '*/*' } },
  'of a page of another site, by Sec-Fetch-Site, that cross_site lets in': {
    body: BODY,
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://pay.example' },
  },
  'of a page of another site, by Origin, that cross_site lets in': {
    body: BODY,
    headers: { origin: 'https://pay.example' },
  },
  'of a page of a subdomain': {
    body: BODY,
    headers: { 'sec-fetch-site': 'same-site', origin: 'https://pay.example' },
  },
  'a PUT': { body: BODY, method: 'PUT' },
  'a GET': { method: 'GET' },
  'a HEAD': { method: 'HEAD' },
  'a body of JSON': { body: '{"name":"Jean"}', headers: { 'content-type': 'application/json' } },
  'a body of plain text': { body: BODY, headers: { 'content-type': 'text/plain' } },
  'an empty body': {},
  'nothing but secrets': { body: 'password=x' },
};

for (const [title, sending] of Object.entries(NONE)) {
  test(`no form: ${title}`, async (t) => {
    const site = await serveSite(t, FAILING, { ...CLOSED, cross_site: ['https://pay.example'] });
    const response = await post(site, '/fail?status=503&x=y', sending);
    t.is(response.status, 503);
    const text = await response.text();
    t.is(againIn(text), undefined);
    t.false(text.includes('Jean'));
  });
}

test('no form: another status, and a POST that is refused because it comes from another site', async (t) => {
  const site = await serveSite(t, FAILING, CLOSED);
  for (const status of [400, 403, 404, 422, 501])
    t.is(await again(await post(site, `/fail?status=${status}`, { body: BODY })), undefined, String(status));
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  const refused = await post(site, '/fail?status=503', { body: BODY, headers });
  t.is(refused.status, 403);
  t.is(await again(refused), undefined);
});

test('413: the fields that were read before the limit, in the order of the form', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': 'ok' },
    { ...CLOSED, limits: { body: '200kb', upload: '300kb', field_size: '100kb', fields: 20 } },
  );
  const long = 'x'.repeat(250_000);
  const names = async (sending: Sending) => {
    const response = await post(site, '/', sending);
    t.is(response.status, 413);
    const found = await again(response);
    t.regex(found?.text ?? '', /too large to be kept/);
    return found?.fields.map(([name, value]) => `${name}=${value.slice(0, 5)}`).join('&');
  };
  // Read up to limits.body in chunks, so that the field that is cut is left out.
  t.is(await names({ body: `a=1&b=2&long=${long}&c=3` }), 'a=1&b=2');
  // The limit may lie within the first chunk.
  const small = await serveSite(
    t,
    { 'index.pih': 'ok' },
    { ...CLOSED, limits: { body: 2000, upload: 2000 } },
  );
  const early = await post(small, '/', { body: `a=1&b=2&long=${'x'.repeat(3000)}` });
  t.is(early.status, 413);
  t.deepEqual((await again(early))?.fields, [
    ['a', '1'],
    ['b', '2'],
  ]);
  const parts = new FormData();
  for (const name of ['a', 'b']) parts.append(name, '1');
  parts.append('photo', new File([new Uint8Array(3000)], 'a.png'));
  t.deepEqual((await again(await post(small, '/', { body: parts })))?.fields, [
    ['a', '1'],
    ['b', '1'],
  ]);
  // Read whole, and one of its fields is too large.
  t.is(await names({ body: `a=1&long=${'y'.repeat(120_000)}&c=3` }), 'a=1&c=3');
  t.is(
    await names({ body: Array.from({ length: 50 }, (_, index) => `n${index}=1`).join('&') }),
    Array.from({ length: 20 }, (_, index) => `n${index}=1`).join('&'),
  );
  const form = new FormData();
  form.append('a', '1');
  form.append('photo', new File([new Uint8Array(400_000)], 'a.png'));
  form.append('c', '3');
  t.is(await names({ body: form }), 'a=1');
  const fields = new FormData();
  fields.append('a', '1');
  fields.append('long', 'z'.repeat(150_000));
  fields.append('c', '3');
  t.is(await names({ body: fields }), 'a=1');
});

test('up to 64 kB are kept: fields that do not fit are left out, and the page says so', async (t) => {
  const site = await serveSite(t, FAILING, CLOSED);
  const sent = new URLSearchParams([
    ['a', 'x'.repeat(60_000)],
    ['b', 'é'.repeat(3_000)],
    ['c', 'y'.repeat(5_000)],
    ['d', 'last'],
  ]);
  const found = await again(await post(site, '/fail?status=503', { body: String(sent) }));
  t.deepEqual(
    found?.fields.map(([name]) => name),
    ['a', 'c', 'd'],
  );
  t.regex(found?.text ?? '', /too large to be kept/);
});

test('1,000 fields are kept, and bodies of ampersands cost nothing', async (t) => {
  const site = await serveSite(t, FAILING, CLOSED);
  const pairs = Array.from({ length: 1000 }, (_, index): [string, string] => [`n${index}`, String(index)]);
  const found = await again(
    await post(site, '/fail?status=503', { body: String(new URLSearchParams(pairs)) }),
  );
  t.deepEqual(found?.fields, pairs);
  t.false(found?.text.includes('too large'));
  const empty = await post(site, '/fail?status=503', { body: '&'.repeat(900_000) });
  t.is(empty.status, 413);
  t.is(await again(empty), undefined);
});

test('a page that does not compile, and a page whose module fails, keep the form that was posted to them', async (t) => {
  const site = await serveSite(
    t,
    {
      'broken.pih': '<% const = %>',
      'module.pih': "<% import './_m.ts' %>",
      '_m.ts': 'throw new Error("no")',
    },
    CLOSED,
  );
  for (const path of ['/broken', '/module']) {
    const response = await post(site, path, { body: BODY });
    t.is(response.status, 500);
    t.deepEqual((await again(response))?.fields, [['name', 'Jean']], path);
  }
  const form = new FormData();
  form.append('name', 'Jean');
  t.deepEqual((await again(await post(site, '/broken', { body: form })))?.fields, [['name', 'Jean']]);
});

test('under debug the developer page of a 500 has the form, and the hints of a 503', async (t) => {
  const site = await serveSite(t, FAILING, { debug: true });
  const broken = await post(site, '/fail?status=500', { body: BODY });
  t.regex(await broken.clone().text(), /broken/);
  t.deepEqual((await again(broken))?.fields, [['name', 'Jean']]);
  t.deepEqual((await again(await post(site, '/fail?status=503', { body: BODY })))?.fields, [
    ['name', 'Jean'],
  ]);
});

const ERROR_PAGES: ConfigInput = {
  ...CLOSED,
  error_pages: { 503: '503.pih', 409: '409.txt.pih', 404: '503.pih' },
};
const WITH_ERROR_PAGES = {
  ...FAILING,
  '503.pih': `<% RESPONSE.headers.set('Cache-Control', 'public, max-age=60'); Layout('_l.pih') %><h1>Busy</h1><% Include('_again.pih') %>`,
  '_again.pih': '<%= SEND_AGAIN %>|<%= SEND_AGAIN === undefined %>',
  '_l.pih': '<main><%= CONTENT %></main>',
  '409.txt.pih': 'Conflict <%= SEND_AGAIN %>',
  'index.pih': '[<%= SEND_AGAIN %>]',
};

test('a page of error_pages prints the same with SEND_AGAIN, and is not stored', async (t) => {
  const site = await serveSite(t, WITH_ERROR_PAGES, ERROR_PAGES);
  const response = await post(site, '/fail?status=503', { body: String(new URLSearchParams(FIELDS)) });
  t.is(response.headers.get('cache-control'), 'no-store');
  const html = await response.text();
  t.regex(html, /^<main><h1>Busy<\/h1><form /);
  t.true(html.endsWith('|false</main>'));
  t.deepEqual(
    againIn(html)?.fields,
    FIELDS.map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]),
  );
});

test('SEND_AGAIN prints nothing elsewhere', async (t) => {
  const site = await serveSite(t, WITH_ERROR_PAGES, ERROR_PAGES);
  t.is(await (await post(site, '/', { body: BODY })).text(), '[]');
  const got = await site.get('/fail?status=503', { headers: { accept: HTML } });
  t.is(await got.text(), '<main><h1>Busy</h1>|true</main>');
  t.is(got.headers.get('cache-control'), 'public, max-age=60');
  t.is(await (await post(site, '/none', { body: BODY })).text(), '<main><h1>Busy</h1>|true</main>');
  t.is(await (await post(site, '/fail?status=409', { body: BODY })).text(), 'Conflict ');
  t.is(await site.app.render('/'), '[]');
});

test('the store is unavailable: the page has the form, and works when the store answers again', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% Session().name = _name %>saved <%= _name %>' },
    { ...CLOSED, persistent_session: { store: ownStore('failing-store'), how: 'is away', method: 'load' } },
  );
  const cookie = ((await site.get('/')).headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
  const file = join(dirname(site.folder), 'fails');
  await writeFile(file, '');
  const away = await post(site, '/', { body: 'name=%3CJean%3E', headers: { cookie } });
  t.is(away.status, 503);
  const found = await again(away);
  t.deepEqual(found?.fields, [['name', '<Jean>']]);
  await rm(file);
  const back = await post(site, '/', {
    body: String(new URLSearchParams(found?.fields)),
    headers: { cookie },
  });
  t.is(back.status, 200);
  t.is(await back.text(), 'saved &lt;Jean&gt;');
});

test('a session that has ended (409), a write that fails (500) and a page that takes too long (503) keep the form', async (t) => {
  const site = await serveSite(
    t,
    {
      'close.pih': '<% Session().a = 1 %>',
      'logout.pih': '<% Session().close() %>',
      'write.pih': '<% Session().name = _name %>',
      'bad.pih': '<% (Session() as any).f = () => 1 %>',
      'slow.pih': '<% await new Promise(() => {}) %>',
    },
    { ...CLOSED, persistent_session: true, limits: { page_timeout: 1 } },
  );
  const cookie = ((await site.get('/close')).headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
  await site.get('/logout', { headers: { cookie } });
  const expected: readonly (readonly [string, number])[] = [
    ['/write', 409],
    ['/bad', 500],
    ['/slow', 503],
  ];
  for (const [path, status] of expected) {
    const response = await post(site, path, { body: BODY, headers: status === 409 ? { cookie } : {} });
    t.is(response.status, status, path);
    t.deepEqual((await again(response))?.fields, [['name', 'Jean']], path);
  }
});

test('a form that other middleware has read is sent again with each of its fields once', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/form': () => {
        throw new HttpErrorResult(503);
      },
    },
    mounted: async (handler, request, response) => {
      for await (const _ of request);
      Object.assign(request, { body: { a: '1', color: ['red', 'blue'], nested: { b: '2' } } });
      handler.handle(request, response);
    },
  });
  const headers = { accept: HTML, 'content-type': FORM };
  const found = await again(await site.ask('/form', { method: 'POST', body: BODY, headers }));
  t.deepEqual(found?.fields, [
    ['a', '1'],
    ['color[]', 'red'],
    ['color[]', 'blue'],
    ['nested[b]', '2'],
  ]);
});

/** In bodies of browsers all other characters are percent-encoded. */
const CHARACTERS = [...'aB +%&="<>\n[]', '%41', '%e9', '%c3%a9', '%F0%9F%98%80', '%26', '%3d'];

test('the fields are the fields that the page would have read, for any body', async (t) => {
  const site = await serveSite(t, FAILING, CLOSED);
  const text = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 30 }).map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(text, async (body) => {
      const expected = [...new URLSearchParams(body)].filter(([name]) => name !== '');
      const found = await again(await post(site, '/fail?status=503', { body }));
      t.deepEqual(found?.fields ?? [], expected, JSON.stringify(body));
    }),
    { numRuns: 300, seed: 17 },
  );
});
