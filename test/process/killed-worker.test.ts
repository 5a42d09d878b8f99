// A worker that is killed while its parent sends it an order.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

test('a message to a worker that was killed a moment ago does not end its parent', async (t) => {
  const script = fileURLToPath(new URL('./killed-worker.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  t.is(stdout, 'connected: true\nthe parent goes on\n');
});
