// The program killed under load (kill -9), a few times over each store that is here; `npm run crash` does it at length.

import test, { type ExecutionContext } from 'ava';
import { type CrashReport, crash } from './crash.ts';
import { findStores } from './stores.ts';

const KILLS = 3;
const { kinds, missing } = await findStores();

for (const line of missing) {
  if (process.env.CI === 'true') test(line, (t) => t.fail());
  else test.skip(`${line}; its crash tests are skipped`, () => undefined);
}

function assertWhole(t: ExecutionContext, report: CrashReport): void {
  t.deepEqual(report.faults, []);
  t.is(report.lost, 0);
  t.true(report.acknowledged > 0 && report.stored >= report.acknowledged && report.stored <= report.sent);
}

for (const [name, open] of kinds) {
  test(`${name}: what a killed server had answered is there when it starts again, and nobody waits`, async (t) => {
    const store = await open();
    t.teardown(store.close);
    const report = await crash(store, { kills: KILLS });
    t.log(`${report.acknowledged} acknowledged, ${report.stored} stored of ${report.sent}`);
    assertWhole(t, report);
  });
}

test('json: workers that are killed, and their parent, lose nothing either', async (t) => {
  const store = await kinds.get('json')?.();
  if (store === undefined) return t.fail();
  t.teardown(store.close);
  assertWhole(t, await crash(store, { kills: KILLS, workers: 2 }));
});
