// The server that all others are compared with.

import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import type { Contender } from './contender.ts';
import { COUNT } from './pages.ts';

const program = fileURLToPath(new URL('./bare-process.js', import.meta.url));

export const BARE: Contender = {
  name: 'bare',
  about: 'node:http and a Map',
  path: COUNT,
  losesNothing: true,
  onlyByName: false,
  missing: async () => undefined,
  async start({ folder, pinned, headers }) {
    const environment = { BENCH_HEADERS: JSON.stringify(headers) };
    const server = new Child([process.execPath, program], { cwd: folder, environment, pinned });
    return { urls: [await server.url()], processes: [server.pid], stop: () => server.stop() };
  },
};
