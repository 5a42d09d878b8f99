// A refused form is sent again by Chromium: the same bytes go to the same URL (docs/going-live.md, *Errors*).

import { rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import { browserTest, press, visit } from '../browser.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

/** Values as visitors type them, as scripts set them, and as attackers choose them. */
const FIELDS: readonly (readonly [name: string, value: string])[] = [
  ['b', '1'],
  ['a[]', 'x'],
  ['b', '2'],
  ['a[]', ''],
  ['plain', 'a b+c%20&=é€𝒳\u{1f600}'],
  ['lines', '\n\nfirst\nlast\n'],
  ['returns', 'a\r\nb\rc\n'],
  ['markup', '"><script>document.title = "run"</script>&amp;&lt;\'`<!--'],
  ['"><b>&amp;\n', '</textarea></form>'],
  ['_charset_', '\nas it was'],
  ['blank', '   '],
  ['odd', '\ufeff\u2028\u0001\ud800\u00a0'],
];

const FAILS = join('_state', 'fails');

/** A page with these fields, which fails while a file exists. */
function files(enctype: string) {
  return {
    'form.html': `<!doctype html><meta charset="utf-8"><title>form</title><form method="post" action="/take?step=2&amp;x=%20y" enctype="${enctype}"></form>
<script>
const form = document.querySelector('form');
for (const [name, value] of ${JSON.stringify(FIELDS).replaceAll('<', '\\u003c')}) {
  const field = document.createElement('textarea');
  field.name = name;
  field.value = value;
  form.append(field);
}
const button = document.createElement('button');
button.name = 'go';
button.value = 'now';
form.append(button);
</script>`,
    'take.pih': `<% import { existsSync } from 'node:fs';
import { join } from 'node:path';
if (existsSync(join(CONFIG.root_dir, '${FAILS.replaceAll('\\', '/')}'))) throw HttpError(503);
%><!doctype html><title>taken</title><pre><%= JSON.stringify(QUERY) %></pre>`,
    '_state/x': '',
  };
}

/** A POST as it arrived; boundaries are chosen at random. */
interface Arrived {
  readonly target: string;
  readonly type: string;
  readonly body: string;
}

/** A server in front of a site that records each POST. */
async function recorder(t: ExecutionContext, site: TestSite): Promise<{ url: string; posts: Arrived[] }> {
  const posts: Arrived[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url: target = '', headers } = incoming;
    const body = await buffer(incoming);
    const type = headers['content-type'] ?? '';
    const [, boundary = ''] = /boundary=(.*)$/.exec(type) ?? [];
    const plain = (text: string) => (boundary === '' ? text : text.replaceAll(boundary, 'BOUNDARY'));
    if (method === 'POST') posts.push({ target, type: plain(type), body: plain(body.toString('latin1')) });
    const forwarded = request(site.url + target, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    forwarded.end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posts };
}

for (const enctype of ['application/x-www-form-urlencoded', 'multipart/form-data']) {
  browserTest(`the same bytes are sent again to the same URL: ${enctype}`, async (t) => {
    const site = await serveSite(t, files(enctype), { debug: false });
    const { url, posts } = await recorder(t, site);
    const fails = join(site.folder, FAILS);
    await writeFile(fails, '');
    await visit({}, async (page) => {
      await page.goto(`${url}/form.html`);
      await press(page.getByRole('button'));
      const again = page.getByRole('button', { name: 'Send it again' });
      t.is(await page.title(), '503 Service Unavailable');
      await press(again);
      t.is(await page.title(), '503 Service Unavailable');
      await rm(fails);
      await press(again);
      t.is(await page.title(), 'taken');
    });
    const [first, second, third] = posts;
    t.true((first?.body.length ?? 0) > 300);
    t.is(first?.target, '/take?step=2&x=%20y');
    t.deepEqual(second, first);
    t.deepEqual(third, first);
    t.is(posts.length, 3);
  });
}

browserTest('under debug the developer page sends the form again', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.html':
        '<!doctype html><form method="post" action="/take"><input name="n" value="&lt;1>"><button>Go</button></form>',
      'take.pih': '<% throw new Error("broken") %>',
    },
    { debug: true, watch: true },
  );
  await visit({}, async (page) => {
    await page.goto(site.url);
    await press(page.getByRole('button'));
    t.is(await page.title(), 'Error: broken');
    await site.write('take.pih', '<!doctype html><title>taken</title><p><%= _n %>');
    await press(page.getByRole('button', { name: 'Send it again' }));
    t.is(await page.title(), 'taken');
    t.is(await page.locator('p').textContent(), '<1>');
  });
});
