// One serving process: configuration → app → listening server, and what keeps it going until it is told to stop.

import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { type App, createApp } from '../app.ts';
import type { Announcement } from './announce.ts';
import { type Listening, listen } from './listen.ts';
import type { Say } from './messages.ts';
import { reloader } from './reload.ts';

/** Running requests get this long when the server stops. */
const GRACE_MS = 10_000;

/** What a serving process needs from outside. */
export interface ServeOptions {
  readonly loaded: LoadedConfig;
  /** Reads the configuration again. */
  readonly load: () => LoadedConfig;
  /** Told whenever another configuration is in force. */
  readonly applied: (config: Config) => void;
  readonly say: Say;
  /** Says how a reload went. */
  readonly say_of_reload: Say;
  /** Writes one line of the request log. */
  readonly write_log: (line: string) => void;
  readonly colours: boolean;
}

/** A serving process. */
export interface Serving {
  readonly announcement: Announcement;
  reload(): Promise<void>;
  /** Ends in order: no new requests, the running ones finish, sessions are written. */
  stop(): Promise<void>;
}

/** Serves; resolves once it really listens. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { loaded, say, write_log, colours } = options;
  const { config, base_dir, file } = loaded;
  const app = await createApp({ config, base_dir, file, log: say, write_log, colours });
  const server = await listeningOrClosed(app, config);
  let current = config;
  const reload = reloader({
    current: () => current,
    load: options.load,
    say: options.say_of_reload,
    apply: async (next) => {
      await app.configure(next);
      server.limit(next.limits);
      current = next;
      options.applied(next);
    },
  });
  return {
    announcement: { url: server.url, pages: app.pages.count(), sessions: app.sessions.description },
    reload,
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
  const ended = server.stop(GRACE_MS);
  // Live reload holds its requests open for ever.
  app.drain();
  await ended;
  await app.close();
}
