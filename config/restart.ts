// Which changed settings a running server cannot apply.

import { isDeepStrictEqual } from 'node:util';
import type { Config } from './schema.ts';

const NEED_RESTART = ['host', 'port', 'workers', 'persistent_session'] as const;

/** The keys that differ and need a restart. */
export function changesNeedingRestart(before: Config, after: Config): string[] {
  return NEED_RESTART.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}
