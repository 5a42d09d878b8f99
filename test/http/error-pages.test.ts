// The pages that error_pages names.

import test from 'ava';
import { serveSite } from '../site-fixture.ts';

const HTML = { headers: { accept: 'text/html' } };

test('error_pages run with the status, the request and the session of the request', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': '<% const s = Session(); s.name = "Jean" %>hello',
      '_404.pih':
        '<% const s = Session() %>No <%= REQUEST.path %>, <%= s.get("name", "stranger") %>: <%= RESPONSE.status %>',
      'teapot.pih': '<% RESPONSE.setCookie("a", "b"); throw HttpError(418) %>',
      '418.html': '<h1>Tea</h1>',
    },
    { debug: false, error_pages: { 404: '_404.pih', 418: '418.html' } },
  );
  const cookie = (await site.get('/')).headers.get('set-cookie')?.split(';')[0] ?? '';
  const missing = await site.get('/missing', { headers: { cookie } });
  t.is(missing.status, 404);
  t.is(missing.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(missing.headers.get('cache-control'), 'private, no-store');
  t.is(await missing.text(), 'No /missing, Jean: 404');
  const teapot = await site.get('/teapot', HTML);
  t.is(teapot.status, 418);
  t.is(await teapot.text(), '<h1>Tea</h1>');
  t.is(teapot.headers.get('set-cookie'), 'a=b; Path=/; HttpOnly; SameSite=Lax');
});

test('an error page that fails itself is replaced by a plain one, and logged', async (t) => {
  const site = await serveSite(
    t,
    { '_404.pih': '<% throw new Error("again") %>', 'broken.pih': '<% throw new Error("first") %>' },
    { debug: false, error_pages: { 404: '_404.pih', 500: 'none.pih' } },
  );
  const response = await site.get('/missing', HTML);
  t.is(response.status, 404);
  t.true((await response.text()).includes('<h1>404 Not Found</h1>'));
  t.true(site.logged[0]?.message.includes('_404.pih')); // error-page-failed
  const broken = await site.get('/broken', HTML);
  t.is(broken.status, 500);
  t.regex(await broken.text(), /Error id: <code>[0-9a-f]{12}/);
});

test('an error page keeps its status and may redirect', async (t) => {
  const site = await serveSite(
    t,
    { '_404.pih': '<% redirect("/") %>', '_500.pih': 'sorry', 'broken.pih': '<% throw new Error("x") %>' },
    { debug: false, error_pages: { 404: '_404.pih', 500: '_500.pih' } },
  );
  t.is((await site.get('/missing')).headers.get('location'), '/');
  const broken = await site.get('/broken');
  t.is(broken.status, 500);
  t.is(await broken.text(), 'sorry');
});

test("under debug the site's own 404 page also says what was tried and which page is nearest", async (t) => {
  const files = { '404.pih': '<html><body><h1>Lost</h1></body></html>', 'cart.pih': 'cart' };
  for (const debug of [true, false]) {
    const site = await serveSite(t, files, { debug, error_pages: { 404: '404.pih' } });
    const text = await site.text('/crat', HTML);
    t.true(text.includes('<h1>Lost</h1>'));
    t.is(text.includes('tried /crat.pih'), debug);
    t.is(text.includes('nearest page: /cart'), debug);
  }
});
