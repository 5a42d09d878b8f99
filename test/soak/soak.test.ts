// Sites that are saved under load, for a moment; `npm run soak` does it at length, with workers and in more ways.

import test from 'ava';
import { soak } from './soak.ts';

const SEED = 20261129;
const SECONDS = 2;

for (const mode of ['place', 'rename', 'link'] as const) {
  test.serial(`${mode}: no response mixes sets, is half, stale or an error`, async (t) => {
    const report = await soak({ mode, seconds: SECONDS, seed: SEED });
    t.deepEqual(report.faults, [], report.output);
    t.true(report.sets > 1 && report.posted > 0 && report.answered > report.posted);
    t.is(report.cut, 0);
  });
}
