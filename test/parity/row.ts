// A feature of another system, as a test through pages and a running server, over every store: "<system>: <row> (<store>)".

import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../config/schema.ts';
import { Places } from '../places.ts';
import { isSkipped, type Need } from '../session/every-store.ts';
import { nothing, type StorePlace, type StoreRow } from '../session/rows/row.ts';
import { STORES } from '../session/store-rows.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

/** A row's test. */
export type Holds = (t: ExecutionContext, visitor: Visitor, site: TestSite, store: StoreRow) => Promise<void>;

/** The needs of a row beside its pages. */
export interface RowOptions {
  readonly config?: ConfigInput;
  readonly needs?: readonly Need[];
}

/** The number of tests that run at the same time. All tests of a file start at once, which would make every server slow. */
const places = new Places(4);

/** The rows of one system. */
export function rowsOf(system: string) {
  return (
    what: string,
    files: Readonly<Record<string, string>>,
    holds: Holds,
    { config = {}, needs }: RowOptions = {},
  ): void => {
    for (const store of STORES) {
      if (store.missing !== undefined || isSkipped(store, `${system}: ${what}`, needs)) continue;
      test(`${store.name}: ${system}: ${what}`, async (t) => {
        await places.take();
        t.teardown(() => places.leave());
        const site = await serveOver(t, store, files, config);
        await holds(t, new Visitor(site.url), site, store);
      });
    }
  };
}

/** A site over a place of its own in a store. */
export function serveOver(
  t: ExecutionContext,
  store: StoreRow,
  files: Readonly<Record<string, string>>,
  config: ConfigInput = {},
): Promise<TestSite> {
  return serveSite(t, files, async (base) => {
    const place = await store.place(base);
    t.teardown(() => place.remove());
    return { ...config, persistent_session: place.config };
  });
}

/** Where a site keeps its sessions, for who looks at them from outside. */
export function placeOf({ folder, config }: TestSite): StorePlace {
  return { dir: dirname(folder), config: config.persistent_session, remove: nothing };
}

/** Whether a store is a table of a database that is here. */
export function isDatabase({ name, missing }: StoreRow): boolean {
  return missing === undefined && ['postgres', 'mysql', 'sqlite'].includes(name);
}

/**
 * Whether a cookie ends after so many seconds: never early and at most a tenth late, as deadlines are. One that holds the
 * session itself stays longer in the browser, since it is not sent again when the deadline moves; its end is sealed in it.
 */
export function lastsAbout(response: Response, seconds: number, { carried }: StoreRow): boolean {
  const age = Number(/max-age=(\d+)/i.exec(response.headers.get('set-cookie') ?? '')?.[1]);
  return age >= seconds && (carried === true || age <= Math.ceil(seconds * 1.1));
}

/** Asks for a page until it says something else, and gives that. */
export async function whenChanged(visitor: Visitor, path: string, from: string): Promise<string> {
  for (;;) {
    const said = await visitor.text(path);
    if (said !== from) return said;
    await pause(20);
  }
}
