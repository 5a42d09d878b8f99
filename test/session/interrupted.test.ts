// The session of a page that is interrupted because it has not ended in time: changes of the page until then are stored, and
// later changes are refused or dropped, in every store.

import { Problem } from '../../engine/diagnostics/problem.ts';
import { everyStore } from './every-store.ts';
import { type TestPage, Visitor } from './site.ts';

const LATE = new Problem('page-timeout', { params: { page: 'slow.pih', seconds: 1 } });

/** All ways by which a page changes its session. */
const CHANGES: readonly ((s: TestPage) => unknown)[] = [
  (s) => {
    s.more = 1;
  },
  (s) => delete s.list,
  (s) => s.set('more', 1),
  (s) => s.flash('more', 1),
  (s) => s.close(),
  (s) => s.regenerate(),
  (s) => s.save(),
  (s) => s.update(() => undefined),
];

everyStore(
  'changes of an interrupted page are stored until the interruption, and not after it',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => {
      s.before = { deep: [0] };
    });
    const request = site.request(visitor.header);
    await request.begin('write');
    const s = request.open() as TestPage;
    const before = s.before as { deep: number[] };
    before.deep.push(1);
    const held = { list: [1], when: new Date(1), map: new Map([['a', [1]]]), tags: new Set([1]) };
    for (const [name, value] of Object.entries(held)) s[name] = value;
    await request.interrupt(LATE);
    before.deep.push(2);
    held.list.push(2);
    held.when.setTime(2);
    held.map.get('a')?.push(2);
    held.tags.add(2);
    for (const change of CHANGES) t.throws(() => change(s), { is: LATE });
    t.throws(() => request.open(), { is: LATE });
    await request.end();
    visitor.receive(request.cookies);
    await site.visit(visitor, (now) => {
      t.deepEqual(now.before, { deep: [0, 1] });
      t.deepEqual(
        [now.list, now.when, now.map, now.tags],
        [[1], new Date(1), new Map([['a', [1]]]), new Set([1])],
      );
      t.false(now.has('more'));
    });
  },
);

everyStore(
  'the lock of an interrupted page is free for the next request',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => {
      s.count = 1;
    });
    const slow = site.request(visitor.header);
    await slow.begin('write');
    slow.open();
    const next = site.visit(visitor.twin(), (s) => {
      s.count = 2;
      return s.count;
    });
    await slow.interrupt(LATE);
    t.is(await next, 2);
    await slow.end();
    t.is(await site.visit(visitor, (s) => s.count), 2);
  },
  { needs: ['server', 'locks'] },
);
