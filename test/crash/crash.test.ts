// The program killed under load (kill -9), a few times over each store that is here; `npm run crash` does it at length.

import test, { type ExecutionContext } from 'ava';
import { missingHere } from '../missing-here.ts';
import { Places } from '../places.ts';
import { type CrashReport, crash } from './crash.ts';
import { onceCrash } from './once-crash.ts';
import { findStores } from './stores.ts';

const KILLS = 3;
const { kinds, missing } = await findStores();

for (const line of missing) missingHere(line, 'its crash tests');

/** All tests of a file start at once. This is the number of servers that run at the same time. */
const places = new Places(4);

async function ownPlace(t: ExecutionContext): Promise<void> {
  await places.take();
  t.teardown(() => places.leave());
}

function assertWhole(t: ExecutionContext, report: CrashReport): void {
  t.deepEqual(report.faults, []);
  t.is(report.lost, 0);
  t.true(report.acknowledged > 0 && report.stored >= report.acknowledged && report.stored <= report.sent);
}

for (const [name, open] of kinds) {
  test(`${name}: acknowledged changes of a killed server are there when it starts again, and no request waits for a dead lock`, async (t) => {
    await ownPlace(t);
    const store = await open();
    t.teardown(store.close);
    const report = await crash(store, { kills: KILLS });
    t.log(`${report.acknowledged} acknowledged, ${report.stored} stored of ${report.sent}`);
    assertWhole(t, report);
  });
}

test('json: workers that are killed, and their parent, lose nothing either', async (t) => {
  await ownPlace(t);
  const store = await kinds.get('json')?.();
  if (store === undefined) return t.fail();
  t.teardown(store.close);
  assertWhole(t, await crash(store, { kills: KILLS, workers: 2 }));
});

for (const [name, open] of kinds) {
  test(`${name}: no order is placed twice or lost by a killed server, and unsure ones are said to be unsure`, async (t) => {
    await ownPlace(t);
    const store = await open();
    t.teardown(store.close);
    if (store.isOfOneProcess || store.isInCookies) {
      t.pass('it keeps no forms');
      return;
    }
    const { faults, done } = await onceCrash(store, { kills: KILLS });
    t.deepEqual(faults, []);
    t.true(done > 0);
  });
}
