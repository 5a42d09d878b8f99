// karrigell/test: walks a site as visitors do, with any test runner (docs/testing.md).

import { type Karrigell, type KarrigellOptions, karrigell } from '../index.ts';
import { appBehind } from '../opened-app.ts';
import { Visitor } from './visitor.ts';

export type { FormValues } from './form-filling.ts';
export type { FoundElement } from './found-element.ts';
export type { StepOptions } from './site-requests.ts';
export type { OpenOptions, Visitor } from './visitor.ts';

/** Options of `visit()`. */
export interface VisitOptions {
  /** Scheme and host that the visitor asks for; by default `http://localhost`, or the first of `allowed_hosts`. */
  readonly url?: string;
}

/** Settings of a site that is opened for a visit, unless its options say otherwise. */
const DEFAULTS = { debug: false, watch: false, log: false } as const satisfies KarrigellOptions;

/**
 * Opens a site for a visitor, without a port. The visitor is at no page until `open()`.
 * @param site the options of `karrigell()`: the site is opened for this visit, by default without `debug`, `watch` and request log,
 * and `close()` of the visitor ends it. Or a site that `karrigell()` has opened, so that several visitors share it
 * @returns the visitor, who has no cookies yet
 * @throws (rejects with) `Problem` for a wrong option, a missing folder, or a session store that cannot be opened; `TypeError` if
 * `options.url` is no URL
 */
export async function visit(
  site: KarrigellOptions | Karrigell = {},
  options: VisitOptions = {},
): Promise<Visitor> {
  const known = appBehind(site);
  const origin = new URL(options.url ?? `http://${known === undefined ? hostOf(site) : 'localhost'}`);
  if (known !== undefined) return new Visitor({ app: known, origin, close: async () => {} });
  const opened = await karrigell({ ...DEFAULTS, ...site });
  const app = appBehind(opened);
  if (app === undefined) throw new TypeError('karrigell() has opened no site');
  return new Visitor({ app, origin, close: () => opened.close() });
}

function hostOf(site: KarrigellOptions | Karrigell): string {
  const hosts = 'allowed_hosts' in site ? site.allowed_hosts : undefined;
  return hosts?.find((host) => !host.startsWith('.')) ?? 'localhost';
}
