// Pages as views of Express (contract section 10): `app.engine('pih', viewEngine)`, then `res.render('cart', { title })`.
// Express finds the file and sends the text; `title` is the page's ARGS.title.

import { inspect } from 'node:util';
import { Problem } from '../diagnostics/problem.ts';
import { leftRequest } from '../http/handed-on.ts';
import { Redirect } from '../runtime/result.ts';
import { requestView } from './request-view.ts';
import { runPage } from './run-page.ts';
import { areOfExpress, loadView } from './view-folders.ts';
import { ViewScope } from './view-scope.ts';

/**
 * The view engine.
 *
 * A view is a page: it escapes by place, includes, has a layout, imports modules and awaits. Its `ARGS` are the locals; a
 * leading `/` in its paths is the folder of views. With Express's `view cache` (on in production) it is compiled once, else
 * it changes when it or anything that it is made of is saved. QUERY, REQUEST, RESPONSE and `Session()` are those of the
 * site whose `app.handler` has handed the request on; without one, naming them is an error.
 * @param file absolute path
 * @param options the locals, with Express's own `settings`, `cache` and `_locals`
 * @param done gets the error, its place in the view's own lines, or the text
 */
export function viewEngine(
  this: unknown,
  file: string,
  options: object,
  done: (error: unknown, html?: string) => void,
): void {
  // Not called by the promise: what `done` throws is the program's, and must not be swallowed or handed to it again.
  rendered(this, file, options).then(
    (html) => process.nextTick(done, null, html),
    (error: unknown) => process.nextTick(done, asError(error, file)),
  );
}

async function rendered(view: unknown, file: string, options: object): Promise<string> {
  const { settings, _locals, cache, ...locals }: Partial<Record<string, unknown>> = { ...options };
  const page = await loadView({ file, view, settings, cached: Boolean(cache) });
  // What Express adds is no local, unless the program has put something else under its name.
  if (settings !== undefined && !areOfExpress(settings)) locals.settings = settings;
  if (cache !== undefined && typeof cache !== 'boolean') locals.cache = cache;
  const request = leftRequest(_locals);
  return request === undefined
    ? runPage(page, new ViewScope(file), locals)
    : requestView(request, page, locals);
}

/** Express takes a falsy error for none, and 'route' for a word of its own. */
function asError(error: unknown, file: string): Error {
  if (error instanceof Redirect) {
    return new Problem('view-redirect', { file, holes: { location: error.location }, cause: error });
  }
  if (error instanceof Error) return error;
  return new Problem('view-thrown', { file, holes: { value: inspect(error, { depth: 1 }) }, cause: error });
}
