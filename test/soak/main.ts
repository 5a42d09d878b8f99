// npm run soak -- --seconds 120 --mode rsync --workers 2 --seed 1
// Soaks the program at length: a site is saved again and again under load, in each way (or the one that is named), by one
// process and by two workers (or the number that is named), and the counts are printed.

import { parseArgs } from 'node:util';
import { SAVE_MODES, type SaveMode, whyNot } from './savers.ts';
import { type SoakReport, soak } from './soak.ts';

/** Without --seconds, for all modes together. */
const DEFAULT_SECONDS = 120;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    mode: { type: 'string', default: 'all' },
    seed: { type: 'string' },
    workers: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const modes = SAVE_MODES.filter((mode) => values.mode === 'all' || values.mode === mode);
const numbers = values.workers === undefined ? [1, 2] : [Number(values.workers)];
const seconds = Number(values.seconds ?? DEFAULT_SECONDS) / Math.max(1, modes.length * numbers.length);

if (modes.length === 0) {
  console.error(`no such mode; there are: ${SAVE_MODES.join(', ')}, all`);
  process.exitCode = 2;
}
for (const mode of modes) {
  const why = whyNot(mode);
  if (why !== undefined) console.log(why);
  else for (const workers of numbers) print(mode, workers, await soak({ mode, seconds, seed, workers }));
}

function print(mode: SaveMode, workers: number, report: SoakReport): void {
  const { sets, answered, posted, absent, cut, kills, faults, delays, memory, output } = report;
  const at = (part: number) => Math.round(delays[Math.floor((delays.length - 1) * part)] ?? 0);
  console.log(
    `${mode}, workers ${workers}: ${sets} sets, ${answered} answered (${posted} POST), ${absent} absent, ` +
      `${cut} cut by ${kills} kills, ${faults.length} faults`,
  );
  console.log(
    `  from the last save of a set to its first response: median ${at(0.5)} ms, longest ${at(1)} ms`,
  );
  const { medians } = memory;
  if (medians !== undefined) console.log(`  memory: middle ${mb(medians.middle)}, end ${mb(medians.end)}`);
  if (faults.length === 0) return;
  process.exitCode = 1;
  for (const fault of faults.slice(0, 20)) console.log(`  FAULT ${fault}`);
  console.log(
    `  again: npm run soak -- --mode ${mode} --workers ${workers} --seconds ${seconds} --seed ${seed}`,
  );
  console.log(`  the program printed last:\n${output.slice(-4000)}`);
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
