// A request that went on to other handlers, kept where a view of that program finds it: Express hands `res.locals` to its
// view engines, and nothing else of a request.

import { RequestContext } from './request-context.ts';

/** Not enumerable under it: a copy of the locals does not have it, nor do the names of a view. */
const PLACE = Symbol('karrigell.request');

/** Leaves the request with its response's locals, where there are any. */
export function keepInLocals(context: RequestContext): void {
  const { outgoing } = context;
  const locals = 'locals' in outgoing ? outgoing.locals : undefined;
  if (isObject(locals)) Reflect.defineProperty(locals, PLACE, { value: context, configurable: true });
}

/** The request of these locals, if a site had it; the last site where there are several. */
export function requestInLocals(locals: unknown): RequestContext | undefined {
  const left: unknown = isObject(locals) ? Reflect.get(locals, PLACE) : undefined;
  return left instanceof RequestContext ? left : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
