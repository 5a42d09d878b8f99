// Random configurations: each one is refused with a message that names the key, or the site answers with it. Both at a start
// and while the site runs, where a refused configuration leaves the settings unchanged.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import fc from 'fast-check';
import { configFrom } from '../../config/load-config.ts';
import type { ConfigInput } from '../../config/schema.ts';
import { createApp } from '../../engine/app.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { serveSite } from '../site-fixture.ts';

const odd = fc.constantFrom(
  '',
  ' ',
  'é',
  '€',
  '\u0000',
  'a;b',
  'a b',
  '*',
  '..',
  '/',
  '//',
  '[',
  '99',
  '\n',
  '__proto__',
);
const oddNumber = fc.oneof(fc.constantFrom(-1, 0, 0.5, 1, 2 ** 31, 2 ** 53, 1e21), fc.integer());
const text = fc.oneof(odd, fc.string({ maxLength: 12 }));
const list = (...usual: string[]) => fc.array(fc.oneof(fc.constantFrom(...usual), text), { maxLength: 3 });

/** Values for each key that a running server applies: common ones, and values at and beyond the limits. */
const KEYS: Record<string, fc.Arbitrary<unknown>> = {
  trust_proxy: fc.oneof(
    fc.boolean(),
    list('10.0.0.0/8', '10.0.0.0/99', '999.1.1.1', '::1/64', '::1/200', 'fe80::1%lo', '1.2.3.4/'),
  ),
  allowed_hosts: list('127.0.0.1', '.localhost', '127.0.0.1:80', '::1', '[::1]', '.::1', '.', 'a..b'),
  cross_site: list(
    '/paid',
    '/a?b',
    'https://pay.example',
    'https://pay.example:x',
    '//x',
    'https://a@b',
    '/\\x',
  ),
  headers: fc.dictionary(
    fc.constantFrom('X-A', 'Content-Length', 'Transfer-Encoding', 'Trailer', 'Content-Type', 'Vary', 'Ä', ''),
    fc.oneof(fc.constantFrom('a', 'é', '5', 'chunked', 'text/html'), text),
  ),
  error_pages: fc.dictionary(
    fc.constantFrom('404', '500', '403', '200', 'x'),
    fc.oneof(fc.constant('404.pih'), text),
  ),
  static: fc.record({
    headers: fc.array(
      fc.record({
        source: fc.oneof(fc.constantFrom('**', '*.css', '[', '{a,b', '!(', '('), text),
        headers: fc.array(
          fc.record({ key: fc.constantFrom('X-B', 'Content-Length', 'Trailer', 'ETag'), value: text }),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 2 },
    ),
  }),
  editor: fc.oneof(fc.constant(null), text),
  log: fc.constantFrom('text', 'json', 'combined', false, 'x'),
  debug: fc.boolean(),
  max_sessions: oddNumber,
  limits: fc.dictionary(
    fc.constantFrom(
      'body',
      'upload',
      'fields',
      'field_name',
      'field_size',
      'files',
      'header_timeout',
      'request_timeout',
    ),
    fc.oneof(oddNumber, fc.constantFrom('1mb', '0.5kb', '99999999999999999gb', '1 x')),
  ),
  session: fc.record(
    {
      timeout: oddNumber,
      cookie: fc.record(
        {
          name: fc.oneof(fc.constantFrom('sid', '__Host-sid', '__Secure-sid', 'a=b'), text),
          path: fc.oneof(fc.constantFrom('/', '/é', '/a<b', '/a;b'), text),
          domain: fc.oneof(fc.constantFrom(null, 'a.example', 'a..b', '-a', '.'), text),
          secure: fc.constantFrom(true, false, 'auto'),
          same_site: fc.constantFrom('lax', 'none', 'strict', 'None'),
          timeout: fc.oneof(fc.constant(null), oddNumber),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
};

/** Configurations of one to three keys, so that each key can be the wrong one. */
const configuration = fc
  .uniqueArray(fc.constantFrom(...Object.keys(KEYS)), { minLength: 1, maxLength: 3 })
  .chain((keys) =>
    fc.record(Object.fromEntries(keys.map((key) => [key, KEYS[key] ?? fc.constant(undefined)]))),
  );

const FILES = {
  'index.pih':
    '<% const s = Session(); s.n = 1; RESPONSE.setCookie("a", "b") %><%= REQUEST.url.href %><%= REQUEST.ip %>',
  'style.css': 'p{}',
  '404.pih': 'not here',
};

/** The statuses of a page with a session, a file, a form of another site, and a path without a page. */
async function statuses(url: string): Promise<number[]> {
  const asked = [
    ['/'],
    ['/style.css'],
    ['/', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }],
    ['/nowhere', { headers: { accept: 'text/html', 'x-forwarded-for': '1.1.1.1' } }],
  ] as const;
  const answers = await Promise.all(asked.map(([path, init]) => fetch(url + path, init)));
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  return answers.map(({ status }) => status);
}

/**
 * Whether the statuses are right. `allowed_hosts` may exclude the host, and `cross_site` may permit the form of another site.
 */
const ANSWERS = [[200], [200], [200, 403], [404]];
const MISDIRECTED = [421, 421, 421, 421];

function isAnswered(found: readonly number[]): boolean {
  return String(found) === String(MISDIRECTED) || found.every((status, at) => ANSWERS[at]?.includes(status));
}

test('a running site refuses a configuration by the name of its key, or answers with it', async (t) => {
  const site = await serveSite(t, FILES);
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  t.teardown(() => process.off('warning', note));
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(configuration, async (given) => {
      try {
        const input = given as ConfigInput;
        await site.app.configure(configFrom({ watch: false, ...input, root_dir: site.folder }, site.folder));
      } catch (error) {
        refusals++;
        t.true(
          error instanceof Problem && Object.keys(given).some((key) => error.message.includes(key)),
          String(error),
        );
      }
      const found = await statuses(site.url);
      t.true(isAnswered(found), `${found} with ${JSON.stringify(given)}`);
    }),
    { numRuns: 150 },
  );
  t.log(`${refusals} of 150 refused`);
  t.true(refusals > 0 && refusals < 150);
  // A kept connection sees many configurations, and must not gain a listener with each.
  t.deepEqual(warnings, []);
});

test('a configuration that cannot be prepared changes nothing, and at a start it is an error', async (t) => {
  const site = await serveSite(t, FILES, { headers: { 'X-A': 'before' } });
  // The validation is bypassed.
  const unusable = { ...site.config, headers: {}, trust_proxy: ['10.0.0.0/99'] };
  await t.throwsAsync(site.app.configure({ config: unusable, file: undefined }), { message: /trust_proxy/ });
  for (const wrong of [{ allowed_hosts: ['a:1'] }, { cross_site: ['x'] }]) {
    await t.throwsAsync(site.app.configure({ config: { ...site.config, ...wrong }, file: undefined }));
  }
  t.is((await site.get('/')).headers.get('x-a'), 'before');
  const start = createApp({ config: unusable, base_dir: site.folder, file: undefined, log: () => undefined });
  await t.throwsAsync(start, { message: /trust_proxy/ });
});

test('a request that cannot even begin gets 500 and a line in the log', async (t) => {
  const site = await serveSite(t, FILES);
  const server = createServer((request, response) => {
    Object.defineProperty(request, 'headers', {
      get: () => {
        throw new Error('of another program');
      },
    });
    site.app.handler(request, response);
  }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?password=x`);
  t.is(answer.status, 500);
  t.like(site.logged.at(-1), { level: 'error' });
  t.notRegex(String(site.logged.at(-1)?.message), /password/);
});
