// Each fuzz target for a moment, always with the same inputs, and the inputs that once failed. `npm run fuzz` looks longer.

import test from 'ava';
import { keptInputs } from './corpus.ts';
import { runTarget } from './run.ts';
import { TARGETS } from './targets/index.ts';

const SEED = 20261129;
const RUNS = 100;

for (const target of TARGETS) {
  if (target.timed) continue;
  const kept = keptInputs(target.name);
  if (kept.size > 0) {
    test.serial(`${target.name}: inputs that once failed hold`, async (t) => {
      const tried = await target.open();
      t.teardown(() => tried.close?.());
      for (const [name, { input }] of kept) await t.notThrowsAsync(async () => tried.holds(input), name);
    });
  }
  test.serial(`${target.name}: holds for ${RUNS} inputs`, async (t) => {
    const { runs, failure } = await runTarget(target, { seed: SEED, runs: RUNS, milliseconds: 60_000 });
    t.is(failure, undefined, JSON.stringify(failure));
    t.is(runs, RUNS);
  });
}
