// Makes the kit that a compiled page is linked with: output functions, and the names that need other pages.

import { type CallPlace, placedAt } from '../diagnostics/call-place.ts';
import { type Place, Problem } from '../diagnostics/problem.ts';
import { ESCAPERS } from '../escaping/escaper-for.ts';
import { escapeText, plainText } from '../escaping/text-escaper.ts';
import { safe } from '../escaping/trusted-text.ts';
import { attributesIn, form } from '../runtime/form.ts';
import { included, type LayoutCall, PageRun, type Surroundings } from '../runtime/layout.ts';
import type { PageKit } from '../runtime/page-linkage.ts';
import { html, printed, raw } from '../runtime/page-output.ts';
import { RunResponse } from '../runtime/page-response.ts';
import { HttpError, type RedirectOptions, redirectTo } from '../runtime/page-result.ts';
import type { PageScope } from '../runtime/page-types.ts';

/** The parts of the kit that depend on the page's file. */
export interface PageLinks {
  readonly file: string;
  /** Runs another page, whose path is relative to this one; returns its output. */
  readonly run: (scope: PageScope, call: LayoutCall, around: Surroundings) => string | Promise<string>;
  /** Whether a page exists at a path relative to this one. */
  readonly has: (path: string) => boolean;
  /** The cycle of includes and layouts through this page; undefined if there is none. */
  readonly cycle: () => string | undefined;
  readonly import: PageKit['import'];
  readonly meta: PageKit['meta'];
}

/** The kit of one page. */
export function pageKit(place: PageLinks): PageKit {
  return {
    text: escapeText,
    plain: plainText,
    escapers: ESCAPERS,
    print: printed,
    misplaced: (here, written, line, column, call) => {
      throw misplaced(here, written, call === undefined ? { file: place.file, line, column } : {}, call);
    },
    html,
    safe,
    raw,
    HttpError,
    form,
    attributes: attributesIn,
    redirect,
    begin: (around, exchange) => new PageRun(around, exchange),
    response: (scope, run) => new RunResponse(scope, run),
    end: (run, scope, printed) => end(run, scope, printed, place),
    include: (scope, path, data, children, includer) =>
      typeof data === 'function' && children === undefined
        ? include(scope, { path: String(path), data: undefined }, data, includer, place)
        : include(scope, { path: String(path), data }, children, includer, place),
    layout: (run, path, data) => layout(run, { path: String(path), data }, place),
    import: place.import,
    meta: place.meta,
  };
}

/** @param call the call of Include whose page has printed after its end */
function misplaced(
  here: string | undefined,
  written: string,
  where: Place,
  call: CallPlace | undefined,
): Problem {
  const params = { here: here ?? 'after the page had ended', written };
  return placedAt(new Problem('misplaced', { ...where, params }), call);
}

/** Sets the redirect as the page's result, then ends the page by throwing it. */
function redirect(
  scope: PageScope,
  url: unknown,
  status: number | RedirectOptions = {},
  options: RedirectOptions = {},
): never {
  if (scope.flushed) throw new Problem('response-begun', { params: { what: 'redirect()' } });
  const settings = typeof status === 'object' ? status : { ...options, status };
  scope.redirected = redirectTo(url, settings, () => scope.REQUEST.url);
  throw scope.redirected;
}

/** Runs another page in place. Its children are printed first, so that a failure in them prints nothing of the page. */
function include(
  scope: PageScope,
  call: LayoutCall,
  children: unknown,
  includer: PageRun,
  place: PageLinks,
): string | Promise<string> {
  if (children === undefined) return nested(scope, call, included(includer), place);
  const printed = includer.children(call.path, children);
  if (printed instanceof Promise)
    return printed.then((content) => nested(scope, call, included(includer, content), place));
  return nested(scope, call, included(includer, printed), place);
}

function layout(run: PageRun, call: LayoutCall, place: PageLinks): void {
  if (!place.has(call.path))
    throw new Problem('layout-missing', { params: { path: call.path }, value: call.path });
  run.wrapIn(call);
}

/** The page's output, put into its layout if it has named one; a page that redirects needs no layout. */
function end(run: PageRun, scope: PageScope, printed: string, place: PageLinks): string | Promise<string> {
  run.refuseUnfinished();
  if (run.layout !== undefined && scope.redirected === undefined)
    return nested(scope, run.layout, run.wrapped(printed), place);
  run.handOver();
  return printed;
}

/** The deepest nesting of pages: pages that include each other without end would exhaust the stack. */
const DEEPEST = 100;

/** Runs another page one level deeper. */
function nested(
  scope: PageScope,
  call: LayoutCall,
  around: Surroundings,
  place: PageLinks,
): string | Promise<string> {
  if (scope.includeDepth >= DEEPEST) throw tooDeep(call.path, place.cycle());
  scope.includeDepth++;
  let part: string | Promise<string> = '';
  try {
    part = place.run(scope, call, around);
  } finally {
    if (typeof part === 'string') scope.includeDepth--;
  }
  if (typeof part === 'string') return part;
  return part.finally(() => {
    scope.includeDepth--;
  });
}

function tooDeep(path: string, cycle: string | undefined): Problem {
  const params = { path, depth: DEEPEST, cycle: cycle === undefined ? '' : `: ${cycle}` };
  return new Problem('include-depth', { params });
}
