// limits.page_timeout: a page that does not end is answered with 503, and cannot change data afterwards.

import test from 'ava';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const LIMITS = { limits: { page_timeout: 1 } };
const NEVER = 'await new Promise(() => {});';

/** Pages that do not end, with the code that is logged. */
const ENDLESS: Readonly<Record<string, { files: Record<string, string>; code: string }>> = {
  'an await that never ends': { files: { 'index.pih': `<% ${NEVER} %>` }, code: 'page-timeout' },
  'a finally that never ends': {
    files: { 'index.pih': `<% try { throw new Error('x'); } finally { ${NEVER} } %>` },
    code: 'page-timeout',
  },
  'an included page': {
    files: { 'index.pih': "a<% await Include('_part.pih') %>", '_part.pih': `b<% ${NEVER} %>` },
    code: 'page-timeout',
  },
  'a layout': {
    files: { 'index.pih': "<% Layout('_layout.pih') %>a", '_layout.pih': `<%= CONTENT %><% ${NEVER} %>` },
    code: 'page-timeout',
  },
  'a body whose source gives nothing': {
    files: {
      'index.pih': `<% async function* pieces() { ${NEVER} yield 'a'; } RESPONSE.send(pieces()); %>`,
    },
    code: 'page-timeout',
  },
  'a module': {
    files: {
      'index.pih': "<% import { a } from './_a.ts'; %><%= a %>",
      '_a.ts': `${NEVER}\nexport const a = 1;`,
    },
    code: 'page-load-timeout',
  },
};

for (const [what, { files, code }] of Object.entries(ENDLESS)) {
  test(`${what} is answered with 503, and the log names the page`, async (t) => {
    const site = await serveSite(t, files, LIMITS);
    const answer = await site.get('/');
    t.is(answer.status, 503);
    t.regex(await answer.text(), /503/);
    t.like(site.logged.at(-1)?.cause, { code });
    t.regex(String(site.logged.at(-1)?.cause), /index\.pih/);
  });
}

test('a page that was answered with 503 changes nothing any more, and its signal is aborted', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': `<% const s = Session(); s.list = [1]; const { list } = s;
        const later = globalThis as unknown as { go: Promise<void>, seen: unknown[] };
        await later.go; later.seen.push(REQUEST.signal.reason.name); list.push(2); RESPONSE.headers.set('X-Late', '1'); %>`,
      'see.pih': "<%= Session().get('list') %>",
    },
    { ...LIMITS, persistent_session: false },
  );
  const seen: unknown[] = [];
  let release = (): void => undefined;
  Object.assign(globalThis, { seen, go: new Promise<void>((resolve) => (release = resolve)) });
  const visitor = new Visitor(site.url);
  const answer = await visitor.get('/');
  t.is(answer.status, 503);
  t.is(answer.headers.get('x-late'), null);
  release();
  while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(seen, ['TimeoutError']);
  t.is(await visitor.text('/see'), '1');
});

test('a late failure is logged as such, and is no unhandled rejection', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih':
        "<% await new Promise((r) => REQUEST.signal.addEventListener('abort', r)); throw new Error('too late'); %>",
    },
    LIMITS,
  );
  t.is((await site.get('/')).status, 503);
  const isThere = () => site.logged.find(({ message }) => message.includes('after it had been interrupted'));
  while (isThere() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  t.regex(String(isThere()?.cause), /too late/);
});

test('a page that sends something now and then goes on; a page that stops sending is cut off', async (t) => {
  const site = await serveSite(
    t,
    {
      'lives.pih':
        '<% for (let i = 0; i < 4; i++) { print(i); await RESPONSE.flush(); await new Promise((r) => setTimeout(r, 500)); } %>',
      'stops.pih': `<% print('a'); await RESPONSE.flush(); ${NEVER} %>`,
    },
    LIMITS,
  );
  const [lives] = await Promise.all([
    site.text('/lives'),
    t.throwsAsync(site.text('/stops'), undefined, 'the client sees that it is not complete'),
  ]);
  t.is(lives, '0123');
});

test('an error page that does not end is replaced by the plain one', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% throw HttpError(404); %>', 'error.pih': `<% ${NEVER} %>` },
    { ...LIMITS, error_pages: { '404': 'error.pih' } },
  );
  const answer = await site.get('/');
  t.is(answer.status, 404);
  t.true(site.logged.some(({ message }) => message.includes('failed itself')));
});

test('the wait for the lock of the session does not count', async (t) => {
  const site = await serveSite(
    t,
    {
      'holds.pih': '<% const s = Session(); await new Promise((r) => setTimeout(r, 900)); s.n = 1; %>held',
      'waits.pih': "<% await Include('_' + 'part.pih') %>",
      '_part.pih': "<% const s = Session(); %><%= s.get('n') %>",
      'index.pih': '<% Session(); %>',
    },
    LIMITS,
  );
  const visitor = new Visitor(site.url);
  await visitor.text('/');
  const held = Promise.all([visitor.text('/holds'), visitor.text('/holds'), visitor.text('/holds')]);
  const [texts, waited] = await Promise.all([held, visitor.get('/waits')]);
  t.deepEqual(texts, ['held', 'held', 'held']);
  t.is(waited.status, 200);
});

test('pages that still run when the site closes are interrupted', async (t) => {
  const site = await serveSite(t, { 'index.pih': `<% ${NEVER} %>` });
  const asked = site.get('/');
  while (!site.logged.some(({ cause }) => Object(cause).code === 'page-interrupted')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await site.app.endPages(0);
  }
  t.is((await asked).status, 503);
});
