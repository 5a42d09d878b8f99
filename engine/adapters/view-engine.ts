// Pages as views of Express (contract section 10): `app.engine('pih', viewEngine)`, then `res.render('cart', { title })`.
// Express finds the file and sends the text; `title` is the page's ARGS.title.

import { basename, dirname } from 'node:path';
import { Problem } from '../diagnostics/problem.ts';
import { asThrown, describeValue } from '../diagnostics/thrown.ts';
import { standardErrorLog } from '../http/error-page/error-text.ts';
import { LoadingPage } from '../http/page-interruption.ts';
import { requestInLocals } from '../http/request-in-locals.ts';
import { RunningPages } from '../http/running-pages.ts';
import { Redirect } from '../runtime/page-result.ts';
import { ProgramPage } from './program-page.ts';
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
 * site whose `app.handler` has handed the request on; without one, naming them is an error. One that does not end within the
 * site's `limits.page_timeout` (60 s without a site) is the error `page-timeout`.
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
  const request = requestInLocals(_locals);
  const limits = request === undefined ? WITHOUT_REQUEST : request.settings.config.limits;
  const running = request === undefined ? new RunningPages() : request.site.running;
  const log = request === undefined ? standardErrorLog(dirname(file)) : request.site.options.log;
  const seconds = limits.page_timeout;
  const loading = loadView({ file, view, settings, cached: Boolean(cache) });
  const page = await running.within(loading, new LoadingPage(basename(file), seconds, log));
  // What Express adds is no local, unless the program has put something else under its name.
  if (settings !== undefined && !areOfExpress(settings)) locals.settings = settings;
  if (cache !== undefined && typeof cache !== 'boolean') locals.cache = cache;
  if (request !== undefined) return requestView(request, page, locals);
  const limit = new ProgramPage({ name: page.name, seconds, log });
  return runPage(page, new ViewScope(file), locals, (printed) => running.within(printed, limit));
}

/** Without a site there is no configuration: the limit is its default. */
const WITHOUT_REQUEST = { page_timeout: 60 };

/** Express takes a falsy error for none, and 'route' for a word of its own. */
function asError(thrown: unknown, file: string): Error {
  const error = asThrown(thrown);
  if (error instanceof Redirect) {
    return new Problem('view-redirect', { file, params: { location: error.location }, cause: error });
  }
  if (error instanceof Error) return error;
  return new Problem('view-thrown', {
    file,
    params: { value: typeof error === 'string' ? JSON.stringify(error) : describeValue(error) },
    cause: error,
  });
}
