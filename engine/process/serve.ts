// One serving process: configuration → app → listening server, and what keeps it going until it is told to stop.

import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { type App, createApp } from '../app.ts';
import type { Audience, SnapshotData } from '../pages/generation-change.ts';
import type { Announcement } from './announce.ts';
import { type Listening, listen } from './listen.ts';
import type { Say } from './messages.ts';

/** Running requests get this long when the server stops. */
const GRACE_MS = 10_000;

/** What a serving process needs from outside. */
export interface ServeOptions {
  readonly loaded: LoadedConfig;
  /** What is served first, where another process plans the generations. */
  readonly sources: SnapshotData | undefined;
  /** Told whenever another configuration is in force. */
  readonly applied: (config: Config) => void;
  readonly say: Say;
  /** Writes one line of the request log. */
  readonly write_log: (line: string) => void;
  readonly colours: boolean;
}

/** A serving process. */
export interface Serving {
  readonly announcement: Announcement;
  /** The beginning of the paths of its temporary folders. */
  readonly upload_prefix: string;
  /** The configuration in force. */
  current(): Config;
  /** Puts another one into force, or refuses it by throwing. Requests that run go on with what they have. */
  configure(next: LoadedConfig, sources?: SnapshotData): Promise<void>;
  /** Where another process plans the generations: what it tells its plans. */
  audience(): Audience | undefined;
  /** Lets requests wait until it stops, which is a moment away. */
  hold(): void;
  /** Ends in order: no new requests, the running ones finish, sessions are written. */
  stop(): Promise<void>;
}

/** Serves; resolves once it really listens. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { loaded, sources, say, write_log, colours } = options;
  const { config, base_dir, file } = loaded;
  const app = await createApp({ config, base_dir, file, sources, log: say, write_log, colours });
  const server = await listeningOrClosed(app, config);
  // Also at a second signal.
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
      server.limit(next.config.limits);
      current = next.config;
      options.applied(current);
    },
    hold: () => server.hold(),
    stop: () => stopped(app, server),
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

async function stopped(app: App, server: Listening): Promise<void> {
  const until = performance.now() + GRACE_MS;
  const ended = server.stop(GRACE_MS, () => app.endPages(0));
  // Live reload holds its requests open for ever.
  app.drain();
  await ended;
  // What changes something runs on when its client has left.
  await app.endPages(until - performance.now());
  await app.close();
}
