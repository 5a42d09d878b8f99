// The memcached store under test: a prefix a site, on a server of our own.

import { setTimeout as pause } from 'node:timers/promises';
import { isUsable, MemcachedServer, whyNot } from '../stores/memcached-server.ts';
import { nothing, OURS, option, type StoreRow } from './row.ts';

/** The row, once its server runs. */
export async function memcachedRow(): Promise<StoreRow> {
  let places = 0;
  const server = await MemcachedServer.prepare('-m', '256');
  if (isUsable) await server.start();
  return {
    name: 'memcached',
    missing: isUsable ? undefined : whyNot,
    lock: 'store',
    persistent: true,
    lists: true,
    most: 1_000_000,
    place: async (dir) => {
      const prefix = `${OURS}_${places++}:`;
      return { dir, config: { store: 'memcached', servers: server.address, prefix }, remove: nothing };
    },
    // The store releases the lock of an unknown id without waiting for the answer.
    names: async (place) => {
      for (let tries = 0; ; tries++) {
        const names = await server.names(option(place, 'prefix'));
        if (tries === 100 || names.every((name) => !name.endsWith(':l'))) return names;
        await pause(10);
      }
    },
    put: async (place, key, text) => {
      const name = `${option(place, 'prefix')}${key}:s`;
      const [deadline] = (await server.value(name))?.split('\n') ?? [];
      const data = `${deadline}\n${text}`;
      await server.command(`set ${name} 0 0 ${Buffer.byteLength(data)}`, data);
    },
    forget: async (place) => {
      for (const name of await server.names(option(place, 'prefix'))) await server.command(`delete ${name}`);
    },
    close: () => server.stop(),
  };
}
