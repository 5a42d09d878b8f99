// Run by killed-worker.test.ts: a parent that tells a worker something in the moment in which that was killed.

import cluster from 'node:cluster';
import { watchHandover } from '../../engine/process/connection-handover.ts';
import { sendOrder } from '../../engine/process/worker-messages.ts';

if (cluster.isPrimary) {
  const worker = cluster.fork();
  watchHandover(worker);
  worker.once('online', () => {
    process.kill(worker.process.pid ?? 0, 'SIGKILL');
    // The worker's end of the channel is closed when this has passed, and the parent has not heard of it yet.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    process.stdout.write(`connected: ${worker.isConnected()}\n`);
    for (let order = 0; order < 20; order++) sendOrder(worker, { order: 'stop' });
  });
  worker.once('exit', () => process.stdout.write('the parent goes on\n'));
} else {
  setInterval(() => undefined, 1000);
}
