// Port 0 means a free one. Several processes must agree on it, and those that start later too, when perhaps nobody holds
// it any more; so it is chosen before they start.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../../config/schema.ts';
import { listenProblem } from './listen.ts';

/** The configured port, or one that was free a moment ago. */
export async function chosenPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  if (port !== 0) return port;
  const server = createServer();
  try {
    await once(server.listen({ host, port }), 'listening');
  } catch (error) {
    throw listenProblem(error, host, port);
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : port;
}
