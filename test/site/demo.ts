// The demo site as the program serves it, with sessions in memory, in the JSON store and in cookies; with what
// it leaves on disk and in its log, for tests that look for traces.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type TestServer } from '../server.ts';

export type Mode = 'memory' | 'json' | 'cookie';

export const MODES: readonly Mode[] = ['memory', 'json', 'cookie'];

/** The demo site, running. */
export interface Demo {
  readonly server: TestServer;
  readonly url: string;
  /** The ids of the orders that the shop has accepted. */
  orders(): string[];
  /** Everything in the files that the server wrote (sessions, orders), and all that it printed. */
  traces(): string;
}

/** Serves the demo site for the length of `use`; nothing is left behind. */
export async function withDemo(
  mode: Mode,
  use: (demo: Demo) => Promise<void>,
  args: readonly string[] = [],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'karrigell-demo-'));
  const orders = join(folder, 'orders');
  const env = { KARRIGELL_PERSISTENT_SESSION: JSON.stringify(storeFor(mode, folder)), SHOP_ORDERS: orders };
  try {
    const server = await startServer({ env, args });
    try {
      await use({
        server,
        url: server.url,
        orders: () => filesIn(orders),
        traces: () =>
          server.output() + filesIn(folder).map((file) => readFileSync(join(folder, file), 'utf8')),
      });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function storeFor(mode: Mode, folder: string): unknown {
  if (mode === 'json') return { store: 'json', dir: join(folder, 'sessions') };
  return mode === 'cookie' && { store: 'cookie', secrets: ['the secret of the demo site in its tests'] };
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
