// A site in a temporary folder, served in this process on a free port: page in, HTTP out.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { configFrom } from '../config/load-config.ts';
import type { Config, ConfigInput } from '../config/schema.ts';
import { type App, createApp } from '../engine/app.ts';

/** A message in the log, which is no line of a request. */
export interface Logged {
  readonly level: 'warn' | 'error';
  readonly message: string;
  readonly cause: unknown;
}

/** A served site. */
export interface TestSite {
  readonly url: string;
  /** Its root_dir. */
  readonly folder: string;
  readonly app: App;
  readonly config: Config;
  readonly logged: Logged[];
  readonly requests: string[];
  /** Fetches a path; redirects are not followed. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** The body of a path. */
  text(path: string, init?: RequestInit): Promise<string>;
  /** Writes a file below root_dir. */
  write(name: string, content: string): Promise<void>;
}

/** Serves these files until the test has ended; the configuration may depend on its own folder. */
export async function serveSite(
  t: Pick<ExecutionContext, 'teardown'>,
  files: Readonly<Record<string, string>>,
  given: ConfigInput | ((base: string) => Promise<ConfigInput>) = {},
): Promise<TestSite> {
  const base = await mkdtemp(join(tmpdir(), 'karrigell-site-'));
  t.teardown(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));
  const config = typeof given === 'function' ? await given(base) : given;
  const folder = join(base, 'site');
  const write = async (name: string, content: string) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  };
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) await write(name, content);
  const logged: Logged[] = [];
  const requests: string[] = [];
  const effective = configFrom(
    {
      watch: false,
      ...config,
      root_dir: folder,
      ...(config.root_dir !== undefined && { root_dir: config.root_dir }),
    },
    base,
  ).config;
  const app = await createApp({
    config: effective,
    base_dir: base,
    file: undefined,
    log: (level, message, cause) => logged.push({ level, message, cause }),
    write_log: (line) => requests.push(line),
  });
  // Idle connections are not closed by the server: fetch may send a request on one at that moment, and does not repeat it.
  const server = createServer({ keepAliveTimeout: 0 }, app.handler).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await app.close();
  });
  const get = (path: string, init?: RequestInit) => fetch(url + path, { redirect: 'manual', ...init });
  const text = async (path: string, init?: RequestInit) => (await get(path, init)).text();
  return { url, folder, app, config: effective, logged, requests, get, text, write };
}

/** The output of a page that is served as the site's only page. */
export async function printed(t: ExecutionContext, page: string, path = '/'): Promise<string> {
  const site = await serveSite(t, { 'index.pih': page });
  return site.text(path);
}
