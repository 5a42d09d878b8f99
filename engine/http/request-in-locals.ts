// Stores the context of a request that was passed to the next handler in `res.locals`, because Express gives its view engines
// nothing else of a request.

import { RequestContext } from './request-context.ts';

/** The key in the locals. It is not enumerable, so copies of the locals and the names of a view do not have it. */
const PLACE = Symbol('karrigell.request');

/** Stores a request in the locals of its response, if it has locals. */
export function keepInLocals(context: RequestContext): void {
  const { outgoing } = context;
  const locals = 'locals' in outgoing ? outgoing.locals : undefined;
  if (isObject(locals)) Reflect.defineProperty(locals, PLACE, { value: context, configurable: true });
}

/** The request in these locals, if a site has passed it on. If several sites have, it is that of the last one. */
export function requestInLocals(locals: unknown): RequestContext | undefined {
  const left: unknown = isObject(locals) ? Reflect.get(locals, PLACE) : undefined;
  return left instanceof RequestContext ? left : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
