// The developer page and its text.

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'parse5';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { isSecretName } from '../../engine/forms/secret-fields.ts';
import { editorLink } from '../../engine/http/error-page/editor-link.ts';
import { errorText } from '../../engine/http/error-page/error-text.ts';
import { shownValue } from '../../engine/http/error-page/mask-secrets.ts';
import { type FakeSite, fakeSite } from './fake-site.ts';

const SOURCE = `const items = [];
function total(cart) {
  return cart.price * 2;
}
total(scope.REQUEST.cart);
`;

/** A site whose page is a real file that runs under its own name, as compiled pages do. */
async function brokenSite(t: ExecutionContext): Promise<FakeSite & { file: string; root: string }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-test-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const file = join(root, 'cart.pih');
  await writeFile(file, SOURCE);
  const run = vm.compileFunction(SOURCE, ['scope'], { filename: file });
  const site = await fakeSite(t, {
    root,
    pages: {
      '/cart': { need: 'write', render: (scope) => String(run(scope)) },
      '/syntax': () => {
        throw new Problem('response-status', { file, line: 3, column: 10, params: { status: '<b>' } });
      },
      '/caused': () => {
        throw new Error('outer', { cause: new RangeError('inner') });
      },
      '/text': () => {
        throw 'only text';
      },
    },
    session: {
      snapshot: () => ({ name: 'Jean', card: { number: '4111 1111 1111 1111' }, password: 'hunter2' }),
    },
    config: { debug: true },
  });
  return Object.assign(site, { file, root });
}

const HTML = { accept: 'text/html', cookie: 'sessionId=abc123', authorization: 'Bearer xyz' };

test('the page shows message, lines with a caret, stack, fields and session, and is well-formed', async (t) => {
  const site = await brokenSite(t);
  const response = await site.ask('/cart?step=2&password=hunter2', { headers: HTML });
  t.is(response.status, 500);
  const html = await response.text();
  t.true(html.includes('TypeError'));
  t.true(html.includes('Cannot read properties of undefined (reading &#39;price&#39;)'));
  t.true(html.includes(`vscode://file${site.file}:3:15`));
  t.true(html.includes('return cart.price * 2;\n              <b>^</b>'));
  t.true(html.includes(`vscode://file${site.file}:5:1"`));
  t.regex(html, /<details><summary>\d+ of packages/);
  t.true(html.includes('Jean'));
  t.true(html.includes('id-1'));
  const problems: string[] = [];
  parse(html, { onParseError: (error) => problems.push(error.code) });
  t.deepEqual(problems, []);
  t.false(html.includes('<script'));
});

test('cookies, passwords, tokens and cards are masked', async (t) => {
  const site = await brokenSite(t);
  for (const accept of ['text/html', '*/*']) {
    const response = await site.ask('/cart?password=hunter2&note=4111111111111111', {
      method: 'POST',
      headers: { ...HTML, accept, referer: 'http://a/?token=xyz' },
      body: new URLSearchParams({ token: 'xyz', 'cvc[]': 'hunter2' }),
    });
    // A random name of a folder, or a port, may contain the characters of a secret.
    const text = (await response.text()).replaceAll(site.root, '').replaceAll(String(site.port), '');
    for (const secret of ['hunter2', 'abc123', 'xyz', '4111'])
      t.false(text.includes(secret), `${accept} ${secret}`);
  }
});

test('curl gets plain text with the same position', async (t) => {
  const site = await brokenSite(t);
  const response = await site.ask('/cart');
  t.is(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  const text = await response.text();
  t.true(text.startsWith('500 GET /cart\n\ncart.pih:3:15: TypeError: Cannot read'));
  t.true(text.includes('> 3 |   return cart.price * 2;\n    |               ^'));
});

test('a Problem is shown at its own position with its remedy, escaped', async (t) => {
  const site = await brokenSite(t);
  const html = await (await site.ask('/syntax', { headers: HTML })).text();
  t.true(html.includes('RESPONSE.status takes a status from 200 to 599, not &lt;b&gt;'));
  t.true(html.includes('Write for example: RESPONSE.status = 201'));
  t.true(html.includes('cart.pih:3:10'));
});

test('causes follow, and a thrown value that is no Error is shown', async (t) => {
  const site = await brokenSite(t);
  const caused = await (await site.ask('/caused')).text();
  t.regex(caused, /Error: outer[\s\S]*caused by RangeError: inner/);
  t.true((await (await site.ask('/text')).text()).includes("'only text' was thrown, which is no Error"));
});

test('without debug nothing of this is shown', async (t) => {
  const site = await brokenSite(t);
  site.config = { ...site.config, debug: false };
  const html = await (await site.ask('/cart', { headers: HTML })).text();
  for (const word of ['cart', 'price', 'TypeError', 'Jean', site.root]) t.false(html.includes(word), word);
});

test('the log shows an error with its position, its lines and its frames', async (t) => {
  const site = await brokenSite(t);
  await site.ask('/cart');
  const text = errorText(site.logged[0]?.cause, site.root);
  t.regex(text, /^cart\.pih:3:15: TypeError: Cannot read[\s\S]*> 3 \|[\s\S]*at total \(/);
  t.false(text.includes('handler'));
});

test('secrets are masked at every depth, and dates, sets and cycles are shown', (t) => {
  const cyclic: Record<string, unknown> = {
    when: new Date(0),
    tags: new Set(['a']),
    bytes: new Uint8Array(3),
  };
  cyclic.self = cyclic;
  cyclic.deep = new Map([['x', { api_key: 'hidden' }]]);
  const shown = shownValue('data', cyclic, isSecretName);
  t.false(shown.includes('hidden'));
  t.true(shown.includes('1970-01-01'));
  t.true(shown.includes('(3 bytes)'));
  t.is(shownValue('pin', 1234, isSecretName), '••••••');
  t.is(shownValue('phone', '+33 1 23 45', isSecretName), '+33 1 23 45');
});

test('editors get links in their own form', (t) => {
  t.is(editorLink('vscode', '/a b/c.pih', 1, 2), 'vscode://file/a%20b/c.pih:1:2');
  t.is(editorLink('vscode', 'C:\\site\\c.pih', 1, 2), 'vscode://file/C:/site/c.pih:1:2');
  t.is(editorLink('webstorm', '/a/c.pih', 1, 2), 'webstorm://open?file=/a/c.pih&line=1&column=2');
  t.is(editorLink(null, '/a', 1, 1), undefined);
  t.is(editorLink('javascript:alert(1)', '/a', 1, 1), undefined);
});
