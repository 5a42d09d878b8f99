// The sweep in the background, with waits that the test ends: the order of its steps, and the effect of a store's answers.

import test from 'ava';
import { Sweeper, type SweptStore } from '../../engine/session/upkeep/sweeper.ts';

/** A sweeper whose waits are noted, and end when the test says so. */
function watched(store: Partial<SweptStore> & Pick<SweptStore, 'sweep'>) {
  const waits: number[] = [];
  const logged: string[] = [];
  let goOn = () => {};
  const sweeper = new Sweeper(
    { sweepSteps: 1, ...store },
    (_, message) => void logged.push(message),
    (milliseconds, signal) => {
      waits.push(milliseconds);
      return new Promise<void>((resolve, reject) => {
        if (signal.aborted) return reject(new Error('stopped'));
        goOn = resolve;
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    },
  );
  /** Ends the wait that runs, and lets what follows happen. */
  const step = async () => {
    goOn();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { sweeper, waits, logged, step };
}

const isUsual = (milliseconds: number | undefined) =>
  milliseconds !== undefined && milliseconds >= 2500 && milliseconds <= 7500;

test('all steps of a sweep run one after the other, from a random one, with random pauses', async (t) => {
  const steps: number[] = [];
  const { sweeper, waits, step } = watched({ sweepSteps: 4, sweep: (n) => steps.push(n) && 0 });
  t.deepEqual(steps, []);
  for (let i = 0; i < 5; i++) await step();
  await sweeper.stop();
  const first = steps[0] ?? -1;
  t.deepEqual(
    steps,
    [0, 1, 2, 3, 4].map((n) => (first + n) % 4),
  );
  t.true(waits.every(isUsual));
  t.true(new Set(waits).size > 1);
});

test('a step that removed as many entries as it may is done again soon', async (t) => {
  const answers = [500, 500, 499, 0];
  const steps: number[] = [];
  const sweep = (step: number) => {
    steps.push(step);
    return answers.shift() ?? 0;
  };
  const { sweeper, waits, step } = watched({ sweepSteps: 2, sweepLimit: 500, sweep });
  for (let i = 0; i < 4; i++) await step();
  await sweeper.stop();
  const first = steps[0] ?? -1;
  t.deepEqual(steps, [first, first, first, 1 - first]);
  t.deepEqual(waits.map(isUsual), [true, false, false, true, true]);
});

test('a step that takes long is not overtaken by the next, and stopping waits for it', async (t) => {
  let begun = 0;
  let end = (_: number) => {};
  const sweep = () => {
    begun++;
    return new Promise<number>((resolve) => {
      end = resolve;
    });
  };
  const { sweeper, waits, step } = watched({ sweep });
  await step();
  await step();
  t.deepEqual([begun, waits.length], [1, 1]);
  let stopped = false;
  const stopping = sweeper.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  t.false(stopped);
  end(0);
  await stopping;
  t.deepEqual([begun, waits.length], [1, 2]);
});

test('a step that fails is logged, and the sweep continues', async (t) => {
  const { sweeper, logged, waits, step } = watched({
    sweep: () => {
      throw new Error('disk');
    },
  });
  await step();
  await step();
  await sweeper.stop();
  t.deepEqual(logged, Array(2).fill('expired sessions could not be removed'));
  t.is(waits.length, 3);
});

test('a store that another process sweeps is left to it, as long as it does', async (t) => {
  const answers = [false, true, false];
  const asked: number[] = [];
  const { sweeper, waits, step } = watched({
    acquireSweepLock: () => Promise.resolve(answers.shift() ?? false),
    sweep: (n) => asked.push(n) && 0,
  });
  for (let i = 0; i < 3; i++) await step();
  await sweeper.stop();
  t.deepEqual(asked, [0]);
  t.true(waits.every(isUsual));
});

test('a store that removes expired entries by itself is not swept', async (t) => {
  const { sweeper, waits } = watched({ removesExpired: true, sweep: () => t.fail() });
  await sweeper.stop();
  t.deepEqual(waits, []);
});

test('a long step is told that the server stops', async (t) => {
  const { sweeper, step } = watched({
    sweep: (_, signal) => new Promise((ended) => signal?.addEventListener('abort', () => ended(0))),
  });
  await step();
  await t.notThrowsAsync(sweeper.stop());
});
