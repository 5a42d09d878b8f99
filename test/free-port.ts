// A port without a listener, for servers that need the number of one.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** The range of ports. Systems give higher ones to outgoing connections, which might take a free one before its server listens. */
const [FIRST, LAST] = [12_000, 32_000];

/** The number of a port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    await new Promise((closed) => server.close(closed));
    return port;
  }
}
