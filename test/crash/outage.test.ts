// The place of the sessions fails under load, once in each of its ways, over each store that is here; `npm run crash` with
// --outages does it at length.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { missingHere } from '../missing-here.ts';
import { WITH_OWN_MOUNTS } from './disk.ts';
import { interrupt } from './outage.ts';
import { ON_OWN_DISK, OUTAGE_STORES } from './outage-stores.ts';

const OUTAGES = 4;
const TITLE =
  'while its place fails pages without sessions go on, and afterwards all that was answered is there';

for (const [name, open] of Object.entries(OUTAGE_STORES)) {
  if (typeof open !== 'function') {
    // A kernel that refuses mounts is no failure, because nothing can be installed for it.
    if (ON_OWN_DISK.includes(name))
      test.skip(`${name}: ${open}; the tests of its outages are skipped`, () => undefined);
    else missingHere(`${name}: ${open}`, 'the tests of its outages');
  } else if (ON_OWN_DISK.includes(name)) {
    test(`${name}: ${TITLE}`, async (t) => {
      const main = fileURLToPath(new URL('main.js', import.meta.url));
      const args = [process.execPath, main, '--store', name, '--outages', String(OUTAGES), '--own-mounts'];
      const [command, ...options] = WITH_OWN_MOUNTS;
      const { stdout } = await promisify(execFile)(command, [...options, ...args]);
      t.log(stdout);
      t.regex(stdout, /acknowledged [1-9]\d*, .*lost 0,/);
    });
  } else {
    test(`${name}: ${TITLE}`, async (t) => {
      const store = await open();
      t.teardown(store.close);
      const report = await interrupt(store, { outages: OUTAGES });
      t.log(
        `${report.acknowledged} acknowledged, ${report.refused} refused, ${report.plain} without a session`,
      );
      t.deepEqual(report.faults, []);
      t.is(report.lost, 0);
      t.true(report.acknowledged > 0 && report.stored >= report.acknowledged);
    });
  }
}
