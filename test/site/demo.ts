// The demo site as the program serves it, with sessions in memory and in the JSON store; with what
// it leaves on disk and in its log, for tests that look for traces.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { startServer, type TestServer } from '../server.ts';

export type Mode = 'memory' | 'json';

export const MODES: readonly Mode[] = ['memory', 'json'];

/** The demo site, running. */
export interface Demo {
  readonly server: TestServer;
  readonly url: string;
  /** The ids of the orders that the shop has accepted. */
  orders(): string[];
  /** Everything in the files that the server wrote (sessions, orders), and all that it printed. */
  traces(): string;
}

/** The servers that the tests of a file share, by what differs between them. */
const shared = new Map<string, Promise<RunningDemo>>();

test.after.always(async () => {
  for (const demo of shared.values()) await (await demo).remove();
});

/**
 * Uses the demo site, whose server all tests of a file share that ask for the same. Its visitors are strangers to each other,
 * and orders of former tests are not counted.
 */
export async function withDemo(
  mode: Mode,
  use: (demo: Demo) => Promise<void>,
  args: readonly string[] = [],
): Promise<void> {
  const name = [mode, ...args].join(' ');
  const started = shared.get(name) ?? startDemo(mode, args);
  shared.set(name, started);
  const demo = await started;
  const before = new Set(demo.orders());
  await use({ ...demo, orders: () => demo.orders().filter((id) => !before.has(id)) });
}

/** Uses the demo site on a server of its own, which may be killed. */
export async function withOwnDemo(mode: Mode, use: (demo: Demo) => Promise<void>): Promise<void> {
  const demo = await startDemo(mode, []);
  try {
    await use(demo);
  } finally {
    await demo.remove();
  }
}

/** The demo site until it is removed, after which nothing is left behind. */
interface RunningDemo extends Demo {
  remove(): Promise<void>;
}

async function startDemo(mode: Mode, args: readonly string[]): Promise<RunningDemo> {
  const folder = mkdtempSync(join(tmpdir(), 'karrigell-demo-'));
  const orders = join(folder, 'orders');
  const env = { KARRIGELL_PERSISTENT_SESSION: JSON.stringify(storeFor(mode, folder)), DEMO_DATA: folder };
  const server = await startServer({ env, args });
  return {
    server,
    url: server.url,
    orders: () => filesIn(orders),
    traces: () => server.output() + filesIn(folder).map((file) => readFileSync(join(folder, file), 'utf8')),
    remove: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The shop uses Once(), which needs a store with locks: the cookie store has none. */
function storeFor(mode: Mode, folder: string): unknown {
  return mode === 'json' && { store: 'json', dir: join(folder, 'sessions') };
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
