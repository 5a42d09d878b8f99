// Checks the types of a site and nothing else. Run by bench/check.ts with the folder of the configuration; prints its times.

import { join } from 'node:path';
import { NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';
import { pageFiles } from '../../engine/pages/page-files.ts';
import { checkTypes } from '../../engine/pages/type-check/index.ts';

/** The seconds of the run. */
export interface TypesSpent {
  /** CPU seconds of this process, which are not of tsc. */
  readonly beside: number;
  /** Seconds from the start of tsc to its end. */
  readonly time: number;
}

const [base_dir = ''] = process.argv.slice(2);
const root = join(base_dir, 'site');
let begin = 0;
const meanwhile = () => {
  begin = performance.now();
};
await checkTypes({ root, base_dir, pages: pageFiles(root, NOTHING_HIDDEN), whole: true, meanwhile });
const time = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage();
const spent: TypesSpent = { beside: (user + system) / 1e6, time };
console.log(JSON.stringify(spent));
