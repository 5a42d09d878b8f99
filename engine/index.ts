// The public face: what other programs import from 'karrigell'. Nothing else is imported from outside.

import { resolve } from 'node:path';
import { configFrom } from '../config/load.ts';
import type { ConfigInput } from '../config/schema.ts';
import { createApp, type Log } from './app.ts';
import type { PageFacts } from './compiler/facts.ts';
import { compilePage } from './compiler/index.ts';
import { type Listening, listen } from './process/listen.ts';

export type { Config, ConfigInput } from '../config/schema.ts';
export type { PageFacts } from './compiler/facts.ts';
export { Problem } from './diagnostics/problem.ts';
export type { OpenSession, Printable, ReadOnlySession } from './runtime/page-names.ts';
export { SessionAttributeError, SessionEndedError } from './session/index.ts';

/** What a program may set beside the configuration's own keys. */
export interface KarrigellOptions extends ConfigInput {
  /** The folder that relative paths start from; the current folder by default. */
  readonly base_dir?: string;
  /** Takes what an operator must know; standard error by default. */
  readonly on_message?: Log;
}

/** A site inside another program. */
export interface Karrigell {
  /** Answers a request; mounts in node:http, Express and Connect. What is not found goes to `next` when there is one. */
  readonly handler: Awaited<ReturnType<typeof createApp>>['handler'];
  /** Serves on the configuration's host and port. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no more requests, finishes the running ones, writes the sessions. */
  close(): Promise<void>;
}

/** Requests that still run when the site closes get this long. */
const GRACE_MS = 10_000;

/**
 * Opens a site from a program's own settings; no configuration file and no environment variable is read.
 * @throws Problem for settings that are wrong, a missing folder, or a store that cannot be opened
 */
export async function karrigell(options: KarrigellOptions = {}): Promise<Karrigell> {
  const { base_dir = '.', on_message = toStandardError, ...input } = options;
  const loaded = configFrom(input, resolve(base_dir), process.env);
  const app = await createApp({ ...loaded, log: on_message });
  let server: Listening | undefined;
  return {
    handler: app.handler,
    listen: async () => {
      server = await listen(app.handler, loaded.config);
      return { url: server.url, port: server.port };
    },
    close: async () => {
      const stopped = server?.stop(GRACE_MS);
      app.drain();
      await stopped;
      await app.close();
    },
  };
}

/**
 * Compiles a page without running it.
 * @param source the page's text
 * @param options.file the name that errors give
 * @returns the JavaScript of a function body that returns the page's factory, and what was found out about the page
 * @throws Problem with file, line and column
 */
export function compile(
  source: string,
  options: { readonly file?: string } = {},
): { readonly code: string; readonly facts: PageFacts } {
  const { code, facts } = compilePage(source, { file: options.file ?? 'page.pih' });
  return { code, facts };
}

function toStandardError(level: 'warn' | 'error', message: string, cause?: unknown): void {
  console.error(`${level}: ${message}`, ...(cause === undefined ? [] : [cause]));
}
