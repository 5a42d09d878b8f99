// karrigell/test: walks a site as visitors do, with any test runner (contract section 10).

import { type Karrigell, type KarrigellOptions, karrigell } from '../index.ts';
import { appBehind } from '../opened-app.ts';
import { Visitor } from './visitor.ts';

export type { FormValues } from './form-filling.ts';
export type { FoundElement } from './found-element.ts';
export type { StepOptions } from './site-requests.ts';
export type { OpenOptions, Visitor } from './visitor.ts';

/** How a site is visited. */
export interface VisitOptions {
  /** Scheme and host that the visitor asks for; by default `http://localhost`, or the first of `allowed_hosts`. */
  readonly url?: string;
}

/** Settings of a site that is opened for a visit, unless its options say otherwise. */
const DEFAULTS = { debug: false, watch: false, log: false } as const satisfies KarrigellOptions;

/**
 * A visitor of a site, without a port.
 *
 * The site is given by its options, as for `karrigell()`: it is opened for this visit, and `close()` ends it. Or it is one that
 * is open already, so that several visitors meet in it: `visit(app)`.
 * @throws Problem for options that are wrong, a missing folder, or a store that cannot be opened
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
