// Live reload in a real browser, while files are saved.

import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { configFrom } from '../../config/load-config.ts';
import { insertedIntoBody, isHtmlDocument } from '../../engine/http/html-tags.ts';
import { admittingPolicy, answersNavigation } from '../../engine/http/live-reload/script-injection.ts';
import { browserTest, press, visit } from '../browser.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

const DEBUG = { debug: true, watch: true };
const html = (
  body: string,
) => `<!DOCTYPE html><html lang="en"><head><title>t</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css"></head><body>${body}</body></html>`;

const shown = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

/**
 * Waits until a tab has asked for its state: then it learns of saved pages. The tab with the connection asks again when that is
 * open, and learns of other files from then on. The wait is outside of the page, because the page's policy may forbid
 * waitForFunction.
 */
async function listens(page: Page, times = 1): Promise<void> {
  const asked =
    'performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/.karrigell/state")).length';
  while (Number(await page.evaluate(asked)) < times) await page.waitForTimeout(20);
}

/** The body of the response to a request with exactly these headers; fetch() would add Sec-Fetch-Mode. */
function answerTo(
  url: string,
  headers: Record<string, string>,
): Promise<{ text: string; policy: string | undefined }> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ text, policy: String(response.headers['content-security-policy']) });
    })
      .on('error', reject)
      .end();
  });
}

interface Facts {
  readonly path: string;
  readonly version: string;
  readonly also: string;
}

/** The data of the script in a page. */
async function factsOf(site: TestSite, url: string): Promise<Facts> {
  const { text } = await answerTo(site.url + url, { accept: 'text/html', 'sec-fetch-mode': 'navigate' });
  const fact = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(text)?.[1] ?? '';
  return { path: fact('path'), version: fact('version'), also: fact('also') };
}

/** The server's response to that script. */
async function hasChanged(site: TestSite, facts: Facts): Promise<unknown> {
  return JSON.parse(await site.text(`/.karrigell/state?${new URLSearchParams({ ...facts })}`)).changed;
}

async function liveSite(t: ExecutionContext, files: Record<string, string>): Promise<TestSite> {
  return serveSite(t, { 'style.css': 'p { color: rgb(1, 2, 3) }', ...files }, DEBUG);
}

test('the script goes into whole documents that answer a navigation, and nowhere else', async (t) => {
  const site = await liveSite(t, {
    'index.pih': html('<p>one</p>'),
    'part.pih': '<p>part</p>',
    'data.pih': '<% RESPONSE.headers.set("Content-Type", "application/json") %>{"a":"</body>"}',
    'gone.pih': '<% throw HttpError(404) %>',
    'broken.pih': '<% throw new Error("broken") %>',
  });
  const navigation = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
  const has = async (path: string, headers: Record<string, string>) =>
    (await answerTo(site.url + path, headers)).text.includes('/.karrigell/live-reload.js');
  t.true(await has('/', navigation));
  t.true(await has('/', { accept: 'text/html' }));
  t.false(await has('/', { accept: 'text/html', 'sec-fetch-mode': 'cors' }));
  t.false(await has('/', { accept: '*/*' }));
  t.false(await has('/part', navigation));
  t.false(await has('/data', navigation));
  t.true(await has('/gone', navigation));
  t.true(await has('/broken', navigation));
  t.true(await has('/nowhere', navigation));
  t.is(
    (await site.get('/', { headers: navigation })).headers.get('content-security-policy'),
    "frame-ancestors 'self'",
  );
});

/** Parts of documents in which `</body>` is no end tag. */
const NO_END_TAGS = [
  "<script>document.write('</body>')</script>",
  '<script><!-- <script> </script> </body> --></script>',
  '<style>p::after { content: "</body>" }</style>',
  '<textarea></body></textarea>',
  '<title></body></title>',
  '<noscript></body></noscript>',
  '<!-- </body> -->',
  '<!-- <!--!> </body> -->',
  '<p title="</body>">',
  "<p title = '</body>' hidden>",
  '</p a=\'"\' b="></body>">',
];

test('the script goes before the end tag of the body, not to where a text looks like one', async (t) => {
  for (const part of NO_END_TAGS) {
    const site = await liveSite(t, {
      'index.pih': `<%- ${JSON.stringify(`<!DOCTYPE html><html><body>a</body>${part}</html>`)} %>`,
      'open.pih': `<%- ${JSON.stringify(`<!DOCTYPE html><html><body>${part}`)} %>`,
      'part.pih': `<%- ${JSON.stringify(part)} %>`,
    });
    const text = async (path: string) => (await answerTo(site.url + path, { accept: 'text/html' })).text;
    t.regex(
      await text('/'),
      /<body>a<script src="\/\.karrigell\/live-reload\.js"[^>]*><\/script><\/body>/,
      part,
    );
    const open = await text('/open');
    t.true(open.startsWith(`<!DOCTYPE html><html><body>${part}<script src="/.karrigell/`), part);
    t.is(await text('/part'), part);
  }
});

test('without debug or without watch there is neither script nor address', async (t) => {
  for (const config of [
    { debug: false, watch: true },
    { debug: true, watch: false },
  ]) {
    const site = await serveSite(t, { 'index.pih': html('one') }, config);
    t.false((await answerTo(`${site.url}/`, { accept: 'text/html' })).text.includes('karrigell'));
    for (const name of ['live-reload.js', 'changes', 'state'])
      t.is((await site.get(`/.karrigell/${name}`)).status, 404);
  }
});

test('HEAD of its addresses ends, and other methods find nothing there', async (t) => {
  const site = await serveSite(t, { 'index.pih': html('one') }, { debug: true, watch: true });
  for (const name of ['live-reload.js', 'changes', 'state?path=/']) {
    const head = await site.get(`/.karrigell/${name}`, { method: 'HEAD' });
    t.is(head.status, 200);
    t.is(head.headers.get('cache-control'), 'no-store');
    t.is(await head.text(), '');
    t.is((await site.get(`/.karrigell/${name}`, { method: 'POST' })).status, 404);
  }
});

test('a page’s own policy is opened for the script, by its nonce where it has one', (t) => {
  const own = (policy: string) => admittingPolicy(policy);
  t.deepEqual(own("frame-ancestors 'self'"), { policy: "frame-ancestors 'self'", nonce: undefined });
  t.deepEqual(own("script-src 'nonce-abc' 'strict-dynamic'"), {
    policy: "script-src 'nonce-abc' 'strict-dynamic'",
    nonce: 'abc',
  });
  t.deepEqual(own("default-src 'none'; img-src *"), {
    policy: "default-src 'none'; img-src *; script-src 'self'; connect-src 'self'",
    nonce: undefined,
  });
  t.is(own("default-src 'self'").policy, "default-src 'self'");
  t.is(
    own("script-src https://a.example; connect-src 'none'").policy,
    "script-src https://a.example 'self'; connect-src 'self'",
  );
});

test('each policy of a header that has several is opened by itself', (t) => {
  t.deepEqual(
    admittingPolicy("default-src 'none', frame-ancestors 'self', script-src 'nonce-abc'; img-src *"),
    {
      policy:
        "default-src 'none'; script-src 'self'; connect-src 'self', frame-ancestors 'self', script-src 'nonce-abc'; img-src *",
      nonce: 'abc',
    },
  );
});

test('documents are told from fragments, navigations from fetches', (t) => {
  t.true(isHtmlDocument('<HTML lang=en>'));
  t.true(isHtmlDocument('x</body >'));
  t.false(isHtmlDocument('<p>x</p>'));
  t.is(insertedIntoBody('<body>a</body></html>', 'S'), '<body>aS</body></html>');
  t.is(insertedIntoBody('<html>a', 'S'), '<html>aS');
  t.true(answersNavigation({ 'sec-fetch-mode': 'navigate' }));
  t.false(answersNavigation({ 'sec-fetch-mode': 'no-cors', accept: 'text/html' }));
});

browserTest(
  'a saved page is reloaded, with typed values and the scroll position, and without the password',
  async (t) => {
    const form = (label: string) =>
      html(`<p>${label}</p><form><input name="a" value="given"><input name="b" value="same"><input type="password" name="p">
<input type="checkbox" name="c"><select name="s"><option>x</option><option>y</option></select><textarea name="t"></textarea></form>
<div style="height: 5000px"></div>`);
    const site = await liveSite(t, { 'index.pih': form('one'), 'other.pih': html('<p>other</p>') });
    await visit({}, async (page) => {
      await page.goto(`${site.url}/`);
      await page.fill('[name=a]', 'typed');
      await page.fill('[name=p]', 'secret');
      await page.fill('[name=t]', 'long\ntext');
      await page.check('[name=c]');
      await page.selectOption('[name=s]', 'y');
      await page.evaluate('scrollTo(0, 1234)');
      await listens(page);
      await site.write('other.pih', html('<p>not mine</p>'));
      await site.write('index.pih', form('two').replace('value="same"', 'value="new default"'));
      await shown(page, 'two');
      await page.waitForFunction('scrollY === 1234 && document.querySelector("[name=a]").value !== "given"');
      t.is(await page.inputValue('[name=a]'), 'typed');
      t.is(await page.inputValue('[name=b]'), 'new default');
      t.is(await page.inputValue('[name=p]'), '');
      t.is(await page.inputValue('[name=t]'), 'long\ntext');
      t.true(await page.isChecked('[name=c]'));
      t.is(await page.inputValue('[name=s]'), 'y');
    });
  },
);

browserTest('only pages that used the file are reloaded, through includes and modules', async (t) => {
  const site = await liveSite(t, {
    'index.pih': html('<% import { word } from "./_word.ts" %><p><%= word %></p><% Include("_part.pih") %>'),
    '_part.pih': '<p>part one</p>',
    '_word.ts': 'export const word: string = "word one";',
    'other.pih': html('<p>other</p>'),
  });
  await visit({}, async (page) => {
    await page.goto(`${site.url}/`);
    const other = await page.context().newPage();
    await other.goto(`${site.url}/other`);
    await other.evaluate('globalThis.stayed = true');
    await listens(page);
    await site.write('_part.pih', '<p>part two</p>');
    await shown(page, 'part two');
    await site.write('_word.ts', 'export const word: string = "word two";');
    await shown(page, 'word two');
    t.true(await other.evaluate('globalThis.stayed === true'));
    await site.write('other.pih', html('<p>other two</p>'));
    await shown(other, 'other two');
  });
});

browserTest(
  'a page that does not compile shows its error, and comes back with the typed values',
  async (t) => {
    const site = await liveSite(t, { 'index.pih': html('<p>one</p><input name="a">') });
    await visit({}, async (page) => {
      await page.goto(`${site.url}/`);
      await page.fill('[name=a]', 'typed');
      await listens(page);
      await site.write('index.pih', html('<p><%= oops( %></p><input name="a">'));
      await page.locator('.status').waitFor();
      await site.write('index.pih', html('<p>mended</p><input name="a">'));
      await shown(page, 'mended');
      await page.waitForFunction('document.querySelector("input").value === "typed"');
      t.pass();
    });
  },
);

browserTest(
  'errors of a module, an include and at run time disappear once mended; a missing page appears',
  async (t) => {
    const site = await liveSite(t, {
      'index.pih': html('<% import { word } from "./_word.ts" %><p><%= word %></p>'),
      '_word.ts': 'export const word = ;',
      'run.pih': html('<% throw new Error("at run time") %>'),
      'computed.pih': html('<% const name = "_inner.pih"; await Include(name) %>'),
      '_inner.pih': '<%= oops( %>',
    });
    await visit({}, async (page) => {
      await page.goto(`${site.url}/`);
      await site.write('_word.ts', 'export const word = "mended module";');
      await shown(page, 'mended module');
      await page.goto(`${site.url}/run`);
      await site.write('run.pih', html('<p>mended page</p>'));
      await shown(page, 'mended page');
      await page.goto(`${site.url}/computed`);
      await site.write('_inner.pih', '<p>mended include</p>');
      await shown(page, 'mended include');
      await page.goto(`${site.url}/new`);
      await site.write('new.pih', html('<p>new page</p>'));
      await shown(page, 'new page');
      t.pass();
    });
  },
);

browserTest('a page that was seen empty while it was being saved comes back', async (t) => {
  const site = await liveSite(t, { 'index.pih': '' });
  await visit({}, async (page) => {
    await page.goto(`${site.url}/`);
    await listens(page);
    await site.write('index.pih', html('<p>filled</p>'));
    await shown(page, 'filled');
    t.pass();
  });
});

browserTest('after a POST the form is offered to be sent again, never sent by itself', async (t) => {
  const site = await liveSite(t, {
    'index.pih': html('<form method="post" action="order"><button>Order</button></form>'),
    'order.pih': html('<p>ordered</p>'),
  });
  const orders = () => site.requests.filter((line) => line.includes('POST /order')).length;
  await visit({}, async (page) => {
    await page.goto(`${site.url}/`);
    await press(page.getByRole('button'));
    await site.write('order.pih', html('<p>ordered anew</p>'));
    const again = page.getByRole('button', { name: 'Send the form again' });
    await again.waitFor();
    await page.waitForTimeout(500); // long enough for a second POST to show itself
    t.is(orders(), 1);
    await press(again);
    await shown(page, 'ordered anew');
    t.is(orders(), 2);
  });
});

browserTest('a style sheet is exchanged in place', async (t) => {
  const site = await liveSite(t, { 'index.pih': html('<p>one</p>') });
  await visit({}, async (page) => {
    await page.goto(`${site.url}/`);
    await page.evaluate('globalThis.stayed = true');
    await listens(page, 2);
    await site.write('style.css', 'p { color: rgb(4, 5, 6) }');
    await page.waitForFunction('getComputedStyle(document.querySelector("p")).color === "rgb(4, 5, 6)"');
    t.true(await page.evaluate('globalThis.stayed === true'));
  });
});

browserTest('a style sheet that is read while it is emptied and not yet filled is read again', async (t) => {
  const site = await liveSite(t, { 'index.pih': html('<p>one</p>') });
  await visit({}, async (page) => {
    let reads = 0;
    await page.route('**/style.css?karrigell=*', (route) =>
      reads++ === 0 ? route.fulfill({ contentType: 'text/css', body: '' }) : route.continue(),
    );
    await page.goto(`${site.url}/`);
    await listens(page, 2);
    await site.write('style.css', 'p { color: rgb(4, 5, 6) }');
    await page.waitForFunction('getComputedStyle(document.querySelector("p")).color === "rgb(4, 5, 6)"');
    await page.waitForFunction('document.querySelectorAll("link[rel=stylesheet]").length === 1');
    t.pass();
  });
});

browserTest('eight tabs work, and a page with a strict policy too', async (t) => {
  const policy = '<% RESPONSE.headers.set("Content-Security-Policy", "default-src \'none\'") %>';
  const site = await liveSite(t, { 'index.pih': policy + html('<p>one</p>') });
  await visit({}, async (page) => {
    const tabs = [page];
    while (tabs.length < 8) tabs.push(await page.context().newPage());
    for (const tab of tabs) {
      await tab.goto(`${site.url}/`);
      await listens(tab);
    }
    await site.write('index.pih', policy + html('<p>two</p>'));
    for (const tab of tabs) await shown(tab, 'two');
    await tabs[0]?.close();
    await site.write('index.pih', policy + html('<p>three</p>'));
    for (const tab of tabs.slice(1)) await shown(tab, 'three');
    t.pass();
  });
});

browserTest('a tab catches up with files that were saved while the server was stopped', async (t) => {
  const site = await liveSite(t, { 'index.pih': html('<p>one</p>') });
  await visit({}, async (page) => {
    let away = false;
    await page.route('**/.karrigell/**', (route) => (away ? route.abort() : route.continue()));
    await page.goto(`${site.url}/`);
    await listens(page);
    away = true;
    await site.app.configure(configFrom({ ...DEBUG, watch: false, root_dir: site.folder }, '/'));
    await site.write('index.pih', html('<p>two</p>'));
    await site.app.configure(configFrom({ ...DEBUG, root_dir: site.folder }, '/'));
    away = false;
    await shown(page, 'two');
    t.pass();
  });
});

test('a file that is restored with the same size and time is another version, as it is for the page', async (t) => {
  const site = await liveSite(t, { 'index.pih': html('<p>one</p>') });
  const file = join(site.folder, 'index.pih');
  const { mtime, atime } = await stat(file);
  const facts = await factsOf(site, '/');
  t.is(await hasChanged(site, facts), false);
  await writeFile(file, html('<p>two</p>'));
  await utimes(file, atime, mtime);
  t.is(await hasChanged(site, facts), true);
  t.true((await site.text('/')).includes('<p>two</p>'));
});

const SAVES_WHILE_RUNNING: Readonly<Record<string, { readonly url: string; readonly saved: string }>> = {
  'its own file': { url: '/', saved: 'index.pih' },
  'a module that it imports': { url: '/', saved: '_word.ts' },
  'a page that it includes by a computed path': { url: '/?part=_part', saved: '_part.pih' },
  'a page that an included page includes': { url: '/?part=_outer', saved: '_part.pih' },
  'a file that appears': { url: '/?part=_new', saved: '_new.pih' },
  'the error page': { url: '/absent', saved: '_404.pih' },
};

for (const [what, { url, saved }] of Object.entries(SAVES_WHILE_RUNNING)) {
  test(`a tab learns of a save while its page runs: ${what}`, async (t) => {
    const files = {
      'index.pih': html(`<% import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { word } from './_word.ts';
try { if (_part) await Include(\`\${_part}.pih\`) } catch (error) { if (_part !== '_new') throw error }
if (_after) appendFileSync(join(CONFIG.root_dir, _after), ' ');
%><p><%= word %></p>`),
      '_word.ts': "export const word = 'word';",
      '_part.pih': '<p>part</p>',
      '_outer.pih': '<% Include("_part.pih") %>',
      '_404.pih': html(`<% import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
if (_after) appendFileSync(join(CONFIG.root_dir, _after), ' '); %><p>absent</p>`),
    };
    const settings = { ...DEBUG, error_pages: { '404': '_404.pih' } };
    const site = await serveSite(t, { 'style.css': '', ...files }, settings);
    const address = (query: string) => `${url}${url.includes('?') ? '&' : '?'}${query}`;
    t.is(await hasChanged(site, await factsOf(site, url)), false);
    t.is(await hasChanged(site, await factsOf(site, address(`after=${saved}`))), true);
    t.is(await hasChanged(site, await factsOf(site, url)), false);
  });
}

test('a page changes with its own includes by computed paths, and with no include of another request', async (t) => {
  const site = await liveSite(t, {
    'index.pih': html('<% await Include(`_${QUERY.part}.pih`) %>'),
    '_a.pih': '<p>a</p> <% Include("_inner.pih") %>',
    '_inner.pih': '<p>inner</p>',
    '_b.pih': '<p>b</p>',
  });
  const a = await factsOf(site, '/?part=a');
  const absent = await factsOf(site, '/?part=absent');
  await factsOf(site, '/?part=b');
  await site.write('_b.pih', '<p>changed</p>');
  t.is(await hasChanged(site, a), false);
  await site.write('_inner.pih', '<p>changed</p>');
  t.is(await hasChanged(site, a), true);
  t.is(await hasChanged(site, absent), false);
  await site.write('_absent.pih', 'here');
  t.is(await hasChanged(site, absent), true);
});

const SITE = '/.karrigell/site';

test('the site page changes with every page, part and module, and with a page that is added or removed', async (t) => {
  const site = await liveSite(t, {
    'index.pih': html('<% import { word } from "./_word.ts" %><p><%= word %></p><% Include("_part.pih") %>'),
    '_part.pih': '<p>part</p>',
    '_word.ts': 'export const word: string = "one";',
  });
  let facts = await factsOf(site, SITE);
  t.is(await hasChanged(site, facts), false);
  const saved = { 'index.pih': html('x'), '_part.pih': 'y', 'shop/new.pih': html('z') };
  for (const [name, text] of Object.entries({ '_word.ts': 'export const word = "two";', ...saved })) {
    await site.write(name, text);
    t.is(await hasChanged(site, facts), true, name);
    facts = await factsOf(site, SITE);
    t.is(await hasChanged(site, facts), false, name);
  }
  await rm(join(site.folder, 'shop'), { recursive: true });
  t.is(await hasChanged(site, facts), true);
});

browserTest('the site page shows the findings of a page that has just been saved', async (t) => {
  const site = await liveSite(t, { 'index.pih': html('<p>one</p>') });
  await visit({}, async (page) => {
    await page.goto(site.url + SITE);
    t.is(await page.getByText('link-nowhere').count(), 0);
    await listens(page);
    await site.write('index.pih', html('<a href="/nowhere">x</a>'));
    await page.getByText('link-nowhere').waitFor();
  });
});
