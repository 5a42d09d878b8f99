// Guards (docs/guards.md): the order in which they run, the effects that they can have, and the names that their pages see.
// Page in, HTTP out.

import test from 'ava';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const TRACE = "<% LOCALS.trace = `${LOCALS.trace ?? ''}$`; %>";
const trace = (name: string) => TRACE.replace('$`', `${name} \``);

for (const debug of [true, false]) {
  test(`the guards of all folders around run in order, once, and before the page (debug: ${debug})`, async (t) => {
    const site = await serveSite(
      t,
      {
        '_before.pih': trace('root'),
        'a/_before.pih': trace('a'),
        'a/b/_before.pih': trace('b'),
        'other/_before.pih': trace('other'),
        'index.pih': '<%= LOCALS.trace %>',
        'a/b/page.pih': "<% Include('../_part.pih') %><%= LOCALS.trace %>",
        'a/_part.pih': 'part, ',
        'a/[x].pih': '<%= LOCALS.trace %><%= PARAMS.x %>',
        'none/page.pih': '<%= LOCALS.trace %>',
      },
      { debug },
    );
    t.is(await site.text('/'), 'root ');
    t.is(await site.text('/a/b/page'), 'part, root a b ');
    t.is(await site.text('/a/7'), 'root a 7');
    t.is(await site.text('/none/page'), 'root ');
  });
}

test('a guard redirects, throws HttpError, or sends: then neither guards below nor the page run', async (t) => {
  const ran: string[] = [];
  const site = await serveSite(t, {
    '_log.ts': 'export const ran: string[] = [];',
    '_before.pih': `<% RESPONSE.headers.set('X-Outer', 'yes');
      if (_go === 'redirect') redirect('/login');
      if (_go === 'caught') { try { redirect('/login') } catch {} return; }
      if (_go === 'error') throw HttpError(403, 'not you');
      if (_go === 'send') { RESPONSE.status = 418; RESPONSE.send('sent'); }
      if (_go === 'broken') throw new Error('oops');
      if (_go === 'return') return;
      LOCALS.end = 'end of the guard'; %>`,
    'a/_before.pih':
      "<% import { ran } from '/_log.ts'; ran.push('inner'); RESPONSE.setCookie('inner', '1'); %>",
    'a/page.pih':
      "<% import { ran } from '/_log.ts'; ran.push('page'); %><%= ran.join() %> <%= LOCALS.end %>",
  });
  t.deepEqual(ran, []);
  const get = (go: string) => site.get(`/a/page?go=${go}`);
  for (const go of ['redirect', 'caught']) {
    const response = await get(go);
    t.is(response.status, 303);
    t.is(response.headers.get('location'), '/login');
    t.is(response.headers.get('x-outer'), 'yes');
    t.is(response.headers.get('set-cookie'), null);
  }
  const refused = await get('error');
  t.is(refused.status, 403);
  t.is(refused.headers.get('x-outer'), 'yes');
  t.true((await refused.text()).includes('not you'));
  const sent = await get('send');
  t.is(sent.status, 418);
  t.is(await sent.text(), 'sent');
  t.is((await get('broken')).status, 500);
  const page = await get('');
  t.is(await page.text(), 'inner,page end of the guard');
  t.is(page.headers.get('x-outer'), 'yes');
  t.is(page.headers.get('set-cookie'), 'inner=1; Path=/; HttpOnly; SameSite=Lax');
  // `return` ends the outer guard alone.
  t.is(await (await get('return')).text(), 'inner,page,inner,page ');
});

test('a login: the guard and the page share one session and one lock, also if only one of them names it', async (t) => {
  const site = await serveSite(t, {
    'login.pih': "<% const s = Session(); s.user = _name; redirect('/in/'); %>",
    'in/_before.pih':
      "<% const s = Session(); if (!s.has('user')) redirect('/login'); LOCALS.user = s.user; s.set('seen', s.get('seen', 0) + 1); %>",
    'in/index.pih': 'hello <%= LOCALS.user %>',
    'in/count.pih': '<% const s = Session(); await 1; s.seen += 10; %><%= s.seen %>',
    'in/slow.pih': '<% await new Promise((done) => setTimeout(done, 20)); %>slow',
    'in/file.txt': 'a file',
  });
  const ann = new Visitor(site.url);
  t.is((await ann.get('/in/')).headers.get('location'), '/login');
  await ann.get('/login?name=ann');
  t.is(await ann.text('/in/'), 'hello ann');
  t.is(await ann.text('/in/count'), '12');
  const paths = ['/in/', '/in/slow', '/in/count', '/in/file.txt', '/in/nothing', '/in'];
  await Promise.all(paths.concat(paths, paths).map((path) => ann.get(path)));
  t.is(await ann.text('/in/count'), String(12 + 18 + 3 * 10 + 11));
});

test('a guard that awaits makes the pages below asynchronous', async (t) => {
  const site = await serveSite(t, {
    '_before.pih': '<% await new Promise((done) => setTimeout(done, 5)); LOCALS.x = await 1; %>',
    'index.pih': '<%= LOCALS.x %>',
    'file.txt': 'text',
  });
  t.is(await site.text('/'), '1');
  t.is(await site.text('/file.txt'), 'text');
  t.is((await site.get('/nothing')).status, 404);
});
