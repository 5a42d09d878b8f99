// redirect() and HttpError (README.md, *Names of a page*).

import test from 'ava';
import fc from 'fast-check';
import { serveSite } from '../site-fixture.ts';

const REDIRECTS: readonly (readonly [call: string, status: number, location: string])[] = [
  ['redirect("/cart")', 303, '/cart'],
  ['redirect("cart")', 303, 'cart'],
  ['redirect("?step=2")', 303, '?step=2'],
  ['redirect("../x", 302)', 302, '../x'],
  ['redirect("/a b/ü?q=ü")', 303, '/a%20b/%C3%BC?q=%C3%BC'],
  ['redirect("https://example.com/x", 303, { external: true })', 303, 'https://example.com/x'],
  ['redirect("https://example.com/", { external: true })', 303, 'https://example.com/'],
  ['redirect("https:example.com", { external: true })', 303, 'https://example.com/'],
  ['redirect("//example.com/x", { external: true })', 303, '//example.com/x'],
  ['redirect("/x", { status: 308 })', 308, '/x'],
  ['redirect("/a/../b")', 303, '/b'],
  ['redirect("\\\\cart")', 303, '/cart'],
  ['redirect("https\\\\://evil.example")', 303, 'https/://evil.example'],
  ['redirect("./12:30")', 303, './12:30'],
  ['redirect("\u00a0x")', 303, '%C2%A0x'],
  ['redirect("x\ud800?\udc00")', 303, 'x%EF%BF%BD?%EF%BF%BD'],
  ['redirect(" \\t/x\\n")', 303, '/x'],
  ['redirect(new URL("/x?y", REQUEST.url))', 303, '/x?y'],
  ['redirect(REQUEST.url.origin + "/x")', 303, '/x'],
  ['redirect("//" + REQUEST.url.host + "/x")', 303, '/x'],
  ['redirect(_next, { fallback: "/home" })', 303, '/home'],
  ['redirect("", { fallback: "/home" })', 303, '/home'],
  ['redirect("https://evil.example/", { fallback: "../home" })', 303, '../home'],
  ['redirect("javascript:alert(1)", 302, { fallback: "/home" })', 302, '/home'],
  [
    'redirect("mailto:a@b.c", { external: true, fallback: "https://example.com/" })',
    303,
    'https://example.com/',
  ],
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
  ['redirect("javascript:alert(1)")', 'redirect-url'],
  ['redirect("blob:" + REQUEST.url.href, { external: true })', 'redirect-url'],
  ['redirect("http:evil.example")', 'redirect-external'],
  ['redirect("/.//evil.example/")', 'redirect-url'],
  ['redirect("..//evil.example/")', 'redirect-url'],
  ['redirect("")', 'redirect-url'],
  ['redirect(" \\t")', 'redirect-url'],
  ['redirect(undefined)', 'redirect-url'],
  ['redirect(_next, { fallback: "https://evil.example/" })', 'redirect-external'],
  ['redirect(_next, { fallbak: "/" })', 'unknown-option'],
  ['redirect("/x", null)', 'options-type'],
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

/** A redirect target of a hostile visitor: the characters that URL parsers treat in a way of their own. */
const hostileTarget = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...'//\\\\..::%\t\n\u00a0\u3000\u2028\0 @?#[];&=aéhtp\ud83d'.split('')),
    maxLength: 14,
  }),
  fc
    .tuple(
      fc.string({ unit: fc.constantFrom(...'/\\.:%\t\n\u00a0 ;@'.split('')), maxLength: 5 }),
      fc.constantFrom(
        '',
        'http:',
        'HTTPS:',
        'https:/',
        'http://',
        'javascript:',
        'data:',
        'blob:http://a.example/',
      ),
      fc.string({ unit: fc.constantFrom(...'/\\.:%\t\u00a0 @'.split('')), maxLength: 4 }),
      fc.constantFrom('evil.example', 'evil.example/', 'a.example', '[::1]', '%65vil.example', 'alert(1)'),
    )
    .map((parts) => parts.join('')),
);

test('no target leads a client away from the origin that it has for the site', async (t) => {
  const site = await serveSite(
    t,
    {
      'x/go.pih': '<% redirect(JSON.parse(_next!)) %>',
      'x/back.pih': '<% redirect(JSON.parse(_next!), { fallback: "/home" }) %>',
    },
    { debug: false },
  );
  const led = async (page: string, next: string) => {
    const { status, headers } = await site.get(`/x/${page}?next=${encodeURIComponent(JSON.stringify(next))}`);
    const location = headers.get('location');
    t.is(status, location === null ? 500 : 303);
    return location;
  };
  await fc.assert(
    fc.asyncProperty(hostileTarget, async (next) => {
      const [plain, withFallback] = [await led('go', next), await led('back', next)];
      t.is(withFallback, plain ?? '/home');
      if (plain === null) return;
      for (const base of ['http://a.example/x/y', 'https://a.example/x/y', 'https://a.example/']) {
        const { origin, pathname } = new URL(plain, base);
        t.is(origin, new URL(base).origin, `${JSON.stringify(next)} is sent as ${plain}`);
        t.false(pathname.startsWith('//'));
      }
      t.false(/^([a-z][a-z0-9+.-]*:|[\\/]{2})/i.test(plain));
    }),
    { numRuns: 1000 },
  );
});

test("a visitor's target that is not of this site is no error of the site", async (t) => {
  const site = await serveSite(t, { 'go.pih': '<% redirect(_next, { fallback: "/" }) %>' }, { debug: false });
  for (const next of ['https://evil.example/', '', '//evil.example', 'javascript:alert(1)']) {
    const response = await site.get(`/go?next=${encodeURIComponent(next)}`);
    t.is(response.headers.get('location'), '/');
  }
  t.deepEqual(site.logged, []);
});

test('the redirect of an error page is held to the same rule', async (t) => {
  const site = await serveSite(
    t,
    { '404.pih': '<% redirect(QUERY.next, { fallback: "/home" }) %>', 'home.pih': 'home' },
    { error_pages: { '404': '404.pih' } },
  );
  t.is((await site.get('/none?next=/.//evil.example')).headers.get('location'), '/home');
  t.is((await site.get('/none?next=/home')).headers.get('location'), '/home');
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
