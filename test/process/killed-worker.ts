// Run by killed-worker.test.ts: a parent that tells a worker something in the moment in which that was killed.

import cluster from 'node:cluster';
import { closeInTransit } from '../../engine/process/in-transit.ts';
import { tell } from '../../engine/process/tell.ts';

if (cluster.isPrimary) {
  const worker = cluster.fork();
  closeInTransit(worker);
  worker.once('online', () => {
    process.kill(worker.process.pid ?? 0, 'SIGKILL');
    // The worker's end of the channel is closed when this has passed, and the parent has not heard of it yet.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    process.stdout.write(`connected: ${worker.isConnected()}\n`);
    for (let order = 0; order < 20; order++) tell(worker, { order: 'stop' });
  });
  worker.once('exit', () => process.stdout.write('the parent goes on\n'));
} else {
  setInterval(() => undefined, 1000);
}
