// Any value that a page throws is answered and logged in limited time and size, and the server keeps running.

import test from 'ava';
import { causesOf, messageOf } from '../../engine/diagnostics/thrown.ts';
import { saysUnavailable } from '../../engine/session/stores/foreign-code.ts';
import { folderWith } from '../folder.ts';
import { program } from '../process/program.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

/** Statements that throw values that are hard to inspect. */
const THROWN: Readonly<Record<string, string>> = {
  'an error that is its own cause': 'const e: any = new Error("a"); e.cause = e; throw e',
  'errors that cause each other':
    'const a: any = new Error("a"), b: any = new Error("b", { cause: a }); a.cause = b; throw a',
  'errors that collect themselves':
    'const e: any = new AggregateError([], "a"); e.errors.push(e, e); e.cause = e; throw e',
  'an endless chain of causes':
    'const next = (): any => Object.defineProperty(new Error("a"), "cause", { get: next }); throw next()',
  'a thousand collected errors':
    'throw new AggregateError(Array.from({ length: 1e3 }, (_, n) => new Error(`${n}`)), "a")',
  'an error whose getters throw': `const e = new Error("a"); const get = () => { throw new Error("get") };
    for (const key of ["message", "name", "stack", "cause", "code"]) Object.defineProperty(e, key, { get }); throw e`,
  'an error whose texts are none':
    'const e: any = new Error("a"); e.message = { a: 1 }; e.name = Symbol("n"); e.stack = 5; throw e',
  'an error that cannot be converted':
    'throw Object.assign(new Error("a"), { toString() { throw 1 }, toJSON() { throw 2 }, [Symbol.toPrimitive]() { throw 3 } })',
  'a revoked proxy': 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy',
  'a proxy of an error whose traps throw':
    'throw new Proxy(new Error("a"), { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 } })',
  'an object below a revoked proxy':
    'const { proxy, revoke } = Proxy.revocable({}, {}); const o = Object.create(proxy); revoke(); throw o',
  'an object without a prototype': 'throw Object.create(null)',
  'an object whose getters throw': 'throw { get a() { throw new Error("get") }, toJSON() { throw 1 } }',
  'a symbol': 'throw Symbol("s")',
  undefined: 'throw undefined',
  null: 'throw null',
  'a function': 'throw () => 1',
  'a bigint': 'throw 10n ** 5000n',
  'a text': 'throw "only text"',
  'a text of megabytes': 'throw "x<".repeat(2e6)',
  'a rejected promise of nothing': 'await Promise.reject()',
  'a message of megabytes': 'throw new Error("<&\\n  at x (/a:1:1)\\n".repeat(2e6))',
  'a name of megabytes': 'const e = new Error("a"); e.name = "<&".repeat(2e6); throw e',
  'a stack of megabytes':
    'const e = new Error("a"); e.stack = "Error: a\\n" + "    at f (/a/b.js:1:1)\\n".repeat(1e6); throw e',
  'a cause of megabytes': 'throw new Error("a", { cause: "<&".repeat(2e6) })',
  'an endless value':
    'const list: any[] = []; for (let n = 0; n < 1e5; n++) list.push({ list, text: "x".repeat(1000) }); throw list',
  'a stack of many calls':
    'Error.stackTraceLimit = Infinity; const f = (n: number): any => n === 0 ? (null as any).x : f(n - 1); try { f(5000) } finally { Error.stackTraceLimit = 30 }',
  'a target of megabytes': 'redirect("https://x/" + "y".repeat(2e6))',
};

const MOST_BYTES = 200_000;

function pagesOf(thrown: typeof THROWN): Record<string, string> {
  const pages = Object.values(thrown).map((code, index) => [`${index}.pih`, `<p>a</p>\n<% ${code} %>`]);
  return { ...Object.fromEntries(pages), 'fine.pih': 'fine' };
}

for (const accept of ['text/html', '*/*']) {
  test.serial(`the error page (${accept}) of any thrown value is there and bounded`, async (t) => {
    const site = await serveSite(t, pagesOf(THROWN), { debug: true });
    for (const [index, what] of Object.keys(THROWN).entries()) {
      const response = await site.get(`/${index}`, { headers: { accept, connection: 'close' } });
      t.is(response.status, 500, what);
      const text = await response.text();
      t.true(text.length < MOST_BYTES, `${what}: ${text.length}`);
    }
    t.is(await site.text('/fine'), 'fine');
  });
}

for (const log of ['text', 'json'] as const) {
  test(`the ${log} log of any thrown value, in a page or in a timer, is bounded and never fails`, async (t) => {
    const later = Object.entries(THROWN).map(([what, code]): [string, string] => [
      `${what}, in a timer`,
      `setTimeout(async () => { ${code} }, 1)`,
    ]);
    const all = { ...THROWN, ...Object.fromEntries(later) };
    const pages = Object.entries(pagesOf(all)).map(([name, page]): [string, string] => [
      `site/${name}`,
      page,
    ]);
    const cwd = await folderWith(t, { ...Object.fromEntries(pages), 'karrigell.config.json': { log } });
    const served = await program(t, cwd, [], { NODE_ENV: 'production' });
    for (const [index, what] of Object.keys(all).entries()) {
      const { status } = await fetch(`${served.url}/${index}`);
      t.is(status, what.endsWith('timer') ? 200 : 500, what);
    }
    t.is(await (await fetch(`${served.url}/fine`)).text(), 'fine');
    served.child.kill('SIGTERM');
    t.is(await served.ended, 0);
    const output = served.output();
    t.true(output.length < MOST_BYTES * 10, String(output.length));
    t.notRegex(output, /could not be answered/);
    const lines = output.split('\n').filter((line) => line.startsWith('{'));
    if (log === 'json') for (const line of lines) t.notThrows(() => JSON.parse(line));
  });
}

test('fields and sessions of any size are shown in part', async (t) => {
  const value =
    'const s: any = Session(); s.text = "x<".repeat(2e6); s.many = Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => "x".repeat(3000)))); for (let n = 0; n < 5000; n++) s["a" + n] = n; s.big = 10n ** 100000n;';
  const site = await serveSite(t, { 'index.pih': `<% ${value} throw new Error("a") %>` }, { debug: true });
  const fields = new URLSearchParams(
    Array.from({ length: 900 }, (_, n): [string, string] => [`f${n}`, '4111 1111 1111 1111 '.repeat(40)]),
  );
  for (const accept of ['text/html', '*/*']) {
    const text = await posted(site, fields, accept);
    t.true(text.length < 1_000_000, String(text.length));
    t.regex(text, /and \d+ more/);
    // The form that sends the fields again has them as they were typed, because their names are not secret.
    t.notRegex(text.replace(/<form class="send-again"[\s\S]*?<\/form>/, ''), /4111/);
  }
});

async function posted(site: TestSite, body: URLSearchParams, accept: string): Promise<string> {
  return site.text('/', { method: 'POST', body, headers: { accept } });
}

test('a line of megabytes is shown around the position', async (t) => {
  const page = `<% const a = "${'x'.repeat(2e6)}"; nope(1) %>`;
  const site = await serveSite(t, { 'index.pih': page }, { debug: true });
  const text = await site.text('/');
  t.regex(text, /^index\.pih:1:2000018: ReferenceError: /m);
  t.regex(text, /\n> 1 \| …x+"; nope\(1\) %>\n +\| +\^/);
  t.true(text.length < 5000);
});

test('a frame that stands in the message is none', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<p>\n<% throw new Error(`a\\n    at f (${import.meta.filename}:99:9)`) %>' },
    { debug: true },
  );
  t.regex(await site.text('/'), /^index\.pih:2:10: Error: a\n {6,}at f .*\n {2}1 \|/m);
});

test('causes are walked once each, nearest first, and no further than asked', (t) => {
  const inner = new Error('inner');
  const outer = new AggregateError([new Error('one'), inner], 'outer', { cause: inner });
  Object.assign(inner, { cause: outer });
  t.deepEqual(causesOf(outer).map(messageOf), ['outer', 'inner', 'one']);
  t.is(causesOf(outer, 2).length, 2);
});

test('an error of a store that is its own cause says whether the store is unavailable', (t) => {
  const error: Error & { code?: string } = new Error('no');
  error.cause = new AggregateError([error], 'several', { cause: error });
  t.false(saysUnavailable(error));
  error.cause = new AggregateError([error, Object.assign(new Error(''), { code: 'ECONNREFUSED' })]);
  t.true(saysUnavailable(error));
});
