// A request that went on to other handlers, kept where a view of that program finds it: Express hands `res.locals` to its
// view engines, and nothing else of a request.

import { Exchange } from './exchange.ts';

/** Not enumerable under it: a copy of the locals does not have it, nor do the names of a view. */
const PLACE = Symbol('karrigell.request');

/** Leaves the request with its response's locals, where there are any. */
export function leaveRequest(exchange: Exchange): void {
  const { outgoing } = exchange;
  const locals = 'locals' in outgoing ? outgoing.locals : undefined;
  if (isObject(locals)) Reflect.defineProperty(locals, PLACE, { value: exchange, configurable: true });
}

/** The request of these locals, if a site had it; the last site where there are several. */
export function leftRequest(locals: unknown): Exchange | undefined {
  const left: unknown = isObject(locals) ? Reflect.get(locals, PLACE) : undefined;
  return left instanceof Exchange ? left : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
