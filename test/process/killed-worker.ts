// Run by killed-worker.test.ts: a parent that sends orders to a worker that was just killed.

import cluster from 'node:cluster';
import { watchHandover } from '../../engine/process/connection-handover.ts';
import { sendOrder } from '../../engine/process/worker-messages.ts';

if (cluster.isPrimary) {
  const worker = cluster.fork();
  watchHandover(worker);
  worker.once('online', () => {
    process.kill(worker.process.pid ?? 0, 'SIGKILL');
    // After this time the worker's end of the channel is closed, but the parent's event loop has not run yet.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    process.stdout.write(`connected: ${worker.isConnected()}\n`);
    for (let order = 0; order < 20; order++) sendOrder(worker, { order: 'stop' });
  });
  worker.once('exit', () => process.stdout.write('the parent goes on\n'));
} else {
  setInterval(() => undefined, 1000);
}
