// One serving process: configuration → app → listening server, until it is stopped.

import type { LoadedConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { type App, createApp } from '../app.ts';
import type { Audience, SnapshotData } from '../pages/generation-change.ts';
import type { Announcement } from './announcement.ts';
import { type Listening, listen } from './listen.ts';
import type { Say } from './messages.ts';

/** Running requests get this long when the server stops. */
const GRACE_MS = 10_000;

/** The options of a serving process. */
export interface ServingOptions {
  readonly loaded: LoadedConfig;
  /** The first generation, if another process plans the generations. */
  readonly sources: SnapshotData | undefined;
  /** Called whenever another configuration is in force. */
  readonly applied: (config: Config) => void;
  readonly say: Say;
  /** Writes one line of the request log. */
  readonly write_log: (line: string) => void;
  readonly colours: boolean;
}

/** A serving process. */
export interface ServingProcess {
  readonly announcement: Announcement;
  /** The beginning of the paths of its temporary folders. */
  readonly upload_prefix: string;
  /** The configuration in force. */
  current(): Config;
  /** Puts another configuration into force, or throws. Running requests keep the one that they began with. */
  configure(next: LoadedConfig, sources?: SnapshotData): Promise<void>;
  /** Takes the reason why a configuration that was saved is not in force. */
  configurationRefused(error: unknown): void;
  /** Logs an error outside of any request. */
  logStray(message: string, error: unknown): void;
  /** The audience of the plans of another process, if that one plans the generations. */
  audience(): Audience | undefined;
  /** Lets requests wait until `stop()`, which the caller calls within seconds. */
  hold(): void;
  /** Closes the port, lets running requests finish, and writes the sessions. */
  stop(): Promise<void>;
}

/** Starts to serve; resolves when the server listens. Throws a Problem if it cannot. */
export async function startServing(options: ServingOptions): Promise<ServingProcess> {
  const { loaded, sources, say, write_log, colours } = options;
  const { config, base_dir, file } = loaded;
  const app = await createApp({ config, base_dir, file, sources, log: say, write_log, colours });
  const server = await listeningOrClosed(app, config);
  // A second signal exits without stop().
  process.once('exit', () => app.removeUploads());
  let current = config;
  return {
    announcement: {
      url: server.url,
      pages: app.pages.count(),
      sessions: app.sessions.description,
      debug: config.debug,
    },
    upload_prefix: app.upload_prefix,
    current: () => current,
    audience: () => app.pages.audience,
    configure: async (next, nextSources) => {
      await app.configure(next, nextSources);
      server.configure(next.config);
      current = next.config;
      options.applied(current);
    },
    configurationRefused: (error) => app.configurationRefused(error),
    logStray: (message, error) => app.log('error', message, error),
    hold: () => server.hold(),
    stop: () => stopServing(app, server),
  };
}

async function listeningOrClosed(app: App, config: Config): Promise<Listening> {
  try {
    return await listen(app.handler, config);
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function stopServing(app: App, server: Listening): Promise<void> {
  const until = performance.now() + GRACE_MS;
  const ended = server.stop(GRACE_MS, () => app.endPages(0));
  // Requests of live reload do not end by themselves.
  app.drain();
  await ended;
  // A page that changes data runs on when its client has left.
  await app.endPages(until - performance.now());
  await app.close();
}
