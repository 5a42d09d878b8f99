// redirect() and HttpError (contract section 6).

import test from 'ava';
import { serveSite } from '../site-fixture.ts';

const REDIRECTS: readonly (readonly [call: string, status: number, location: string])[] = [
  ['redirect("/cart")', 303, '/cart'],
  ['redirect("cart")', 303, 'cart'],
  ['redirect("?step=2")', 303, '?step=2'],
  ['redirect("../x", 302)', 302, '../x'],
  ['redirect("/a b/ü?q=ü")', 303, '/a%20b/%C3%BC?q=%C3%BC'],
  ['redirect("https://example.com/x", 303, { external: true })', 303, 'https://example.com/x'],
  ['redirect("https://example.com/", { external: true })', 303, 'https://example.com/'],
];

for (const [call, status, location] of REDIRECTS) {
  test(`${call} answers ${status} to ${location}`, async (t) => {
    const site = await serveSite(t, { 'index.pih': `printed before<% ${call} %>and behind` });
    const response = await site.get('/');
    t.is(response.status, status);
    t.is(response.headers.get('location'), location);
    t.is(await response.text(), '');
  });
}

test('the response is the redirect even if the page catches it', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<% try { redirect("/x") } catch { %>caught<% } %>' });
  const response = await site.get('/');
  t.is(response.status, 303);
  t.is(await response.text(), '');
});

const REFUSED: readonly (readonly [call: string, code: string])[] = [
  ['redirect("https://evil.example/")', 'redirect-external'],
  ['redirect("//evil.example/")', 'redirect-external'],
  ['redirect("/\\\\evil.example/")', 'redirect-external'],
  ['redirect("\\t//evil.example/")', 'redirect-external'],
  ['redirect("/\\t/evil.example/")', 'redirect-external'],
  ['redirect("javascript:alert(1)", { external: true })', 'redirect-url'],
  ['redirect("http://[bad", { external: true })', 'redirect-url'],
  ['redirect("/x", 200)', 'redirect-status'],
  ['throw HttpError(200)', 'http-error-status'],
  ['throw HttpError(404.5)', 'http-error-status'],
];

for (const [call, code] of REFUSED) {
  test(`${call} is refused (${code})`, async (t) => {
    const site = await serveSite(t, { 'index.pih': `<% ${call} %>` });
    const response = await site.get('/');
    t.is(response.status, 500);
    t.is(response.headers.get('location'), null);
    t.like(site.logged[0]?.cause, { code });
  });
}

test('a line break in a redirect cannot add a header', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<% redirect("/x\\r\\nSet-Cookie: a=b") %>' });
  const response = await site.get('/');
  t.is(response.headers.get('set-cookie'), null);
});

test('HttpError ends the page with its status, with and without new, and instanceof knows it', async (t) => {
  const site = await serveSite(t, {
    'a.pih': 'lost<% throw HttpError(404) %>',
    'b.pih': '<% throw new HttpError(403, "Not for you") %>',
    'c.pih': '<% try { throw HttpError(410) } catch (e) { print(e instanceof HttpError, e.status) } %>',
  });
  t.is((await site.get('/a')).status, 404);
  const forbidden = await site.get('/b');
  t.is(forbidden.status, 403);
  t.true((await forbidden.text()).includes('Not for you'));
  t.is(await site.text('/c'), 'true 410');
});
