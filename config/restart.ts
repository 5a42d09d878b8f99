// Which settings a running server cannot change.

import { isDeepStrictEqual } from 'node:util';
import type { Config, ConfigInput } from './schema.ts';

const NEED_RESTART = ['host', 'port', 'workers', 'persistent_session'] as const;

/** The keys that differ and need a restart. */
export function changesNeedingRestart(before: Config, after: Config): string[] {
  return NEED_RESTART.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}

/** The settings that stay as they are until the next start. */
export function settingsUntilRestart({ host, port, workers, persistent_session }: Config): ConfigInput {
  return { host, port, workers, persistent_session };
}
