// The site behind the object that karrigell() gives to a program, for the other entry points of the package.

import type { App } from './app.ts';

/** The key of the site; not exported by the package. */
export const APP = Symbol('app');

/** The site behind an object that `karrigell()` returned; undefined for other objects. */
export function appBehind(given: object): App | undefined {
  return hasApp(given) ? given[APP] : undefined;
}

function hasApp(given: object): given is { readonly [APP]: App } {
  return APP in given;
}
