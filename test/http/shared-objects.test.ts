// A page's change of an object of the engine is never seen by the next visitor. Tested without debug, where pages and URLs are
// cached. Objects of the site's modules are shared, as in any Node program.

import test from 'ava';
import { serveSite } from '../site-fixture.ts';

/** Statements that change an object of the engine. */
const OBJECTS = [
  'PARAMS',
  'QUERY',
  'QUERY["none[]"]',
  'FILES',
  'FILES["none[]"]',
  'REQUEST.cookies',
  'REQUEST.headers',
  'REQUEST.url',
  'REQUEST.body',
  'REQUEST',
  'RESPONSE',
  'RESPONSE.headers',
  'CONFIG',
  'CONFIG.session',
  'CONFIG.session.cookie',
  'CONFIG.headers',
  'CONFIG.cross_site',
  'CONFIG.allowed_hosts',
  'Session({ read_only: true })',
  'safe',
];

for (const object of OBJECTS) {
  test(`a mark on ${object} is not there for the next visitor`, async (t) => {
    const mark = `<% const o: any = ${object}; try { o.mark = "seen" } catch {} try { o.push?.("seen") } catch {} %>`;
    const site = await serveSite(
      t,
      { 'u/[id].pih': `<%= (${object} as any).mark ?? (${object} as any)[0] ?? 'clean' %>${mark}` },
      { debug: false, watch: true, session: { missing: 'undefined' }, cross_site: [] },
    );
    for (let visit = 0; visit < 3; visit++) t.is(await site.text('/u/1'), 'clean', `visit ${visit}`);
  });
}

test('PARAMS is frozen', async (t) => {
  const site = await serveSite(t, {
    'u/[id].pih': '<%= Object.isFrozen(PARAMS) %> <%= PARAMS.id %>',
    'r/[...rest].pih': '<%= Object.isFrozen(PARAMS) %> <%= PARAMS.rest %>',
    'index.pih': '<%= Object.isFrozen(PARAMS) %>',
  });
  t.is(await site.text('/u/1'), 'true 1');
  t.is(await site.text('/r/1/2'), 'true 1/2');
  t.is(await site.text('/'), 'true');
});
