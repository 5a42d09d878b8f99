// Pages as views of Express (docs/programs.md): `app.engine('pih', viewEngine)`, then `res.render('cart', { title })`.
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
 * The view engine: `app.engine('pih', viewEngine)`.
 *
 * A view is a page: it escapes values by their context, includes parts, has a layout, imports modules and awaits. Its `ARGS`
 * are the locals, and a leading `/` in its paths is the folder of views. With Express's `view cache` (on in production) a view
 * is compiled once; without it, a view is compiled again when it or a file that it uses is saved. QUERY, REQUEST, RESPONSE and
 * `Session()` are those of the site whose `app.handler` has handed the request on. Without such a site, naming them is the
 * error `view-without-request`. A view that does not end within the site's `limits.page_timeout` (60 s without a site) is the
 * error `page-timeout`. The `_before.pih` files of the folders of views run before it, unless the local `before` is false.
 * @param file the absolute path of the view
 * @param options the locals, with Express's own `settings`, `cache` and `_locals`
 * @param done gets the error, whose place is in the view's own lines, or null and the text
 */
export function viewEngine(
  this: unknown,
  file: string,
  options: object,
  done: (error: unknown, html?: string) => void,
): void {
  // Called in a later tick, because an error that `done` throws is the program's: the promise would swallow it or pass it to
  // `done` again.
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
  const before = locals.before !== false;
  if (!before) delete locals.before;
  const loading = loadView({ file, view, settings, cached: Boolean(cache), before });
  const runnable = await running.within(loading, new LoadingPage(basename(file), seconds, log));
  const { page } = runnable;
  // Express sends the text of a view as HTML, in which the values of a text page are not escaped.
  if (page.kind === 'text') throw new Problem('view-text-page', { file });
  // `settings` and `cache` of Express are no locals, unless the program has put other values under these names.
  if (settings !== undefined && !areOfExpress(settings)) locals.settings = settings;
  if (cache !== undefined && typeof cache !== 'boolean') locals.cache = cache;
  if (request !== undefined) return requestView(request, runnable, locals);
  const limit = new ProgramPage({ name: page.name, seconds, log });
  return runPage(runnable, {
    scope: new ViewScope(file),
    data: locals,
    isAnswered: () => false,
    limited: (printed) => running.within(printed, limit),
  });
}

/** Without a site there is no configuration: the limit is its default. */
const WITHOUT_REQUEST = { page_timeout: 60 };

/** A thrown value as an Error, because Express takes a falsy value for no error, and 'route' for a command. */
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
