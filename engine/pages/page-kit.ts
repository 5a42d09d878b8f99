// Makes the kit that a compiled page is linked with: output functions, and the names that need other pages.

import { type CallPlace, placedAt } from '../diagnostics/call-place.ts';
import { type Place, Problem } from '../diagnostics/problem.ts';
import { ESCAPERS } from '../escaping/escaper-for.ts';
import { escapeText, plainText } from '../escaping/text-escaper.ts';
import { type Html, safe } from '../escaping/trusted-text.ts';
import { form } from '../runtime/form.ts';
import { attributesIn } from '../runtime/form-attributes-output.ts';
import { sentFormKeeper } from '../runtime/form-retry.ts';
import { InnerScope } from '../runtime/inner-scope.ts';
import { included, type LayoutCall, PageRun, type Surroundings } from '../runtime/layout.ts';
import type { PageKit } from '../runtime/page-linkage.ts';
import { html, printed, raw } from '../runtime/page-output.ts';
import { RunResponse } from '../runtime/page-response.ts';
import { HttpError, type RedirectOptions, redirectTo } from '../runtime/page-result.ts';
import type { PageScope } from '../runtime/page-types.ts';
import { SchemaReader } from '../runtime/schema-reader.ts';

/** The parts of the kit that depend on the page's file. */
export interface PageLinks {
  readonly file: string;
  /** Runs another page, whose path is relative to this one; returns its output. */
  readonly run: (scope: PageScope, call: LayoutCall, around: Surroundings) => string | Promise<string>;
  /** Runs another page, whose path is relative to this one, for its output. */
  readonly render: (scope: PageScope, path: string, data: unknown) => Promise<string | Html>;
  /** The error for a layout at a path relative to this page; undefined if the page there can be one. */
  readonly layoutProblem: (path: string) => Problem | undefined;
  /** The cycle of includes and layouts through this page; undefined if there is none. */
  readonly cycle: () => string | undefined;
  readonly import: PageKit['import'];
  readonly meta: PageKit['meta'];
}

/** The kit of one page. */
export function pageKit(place: PageLinks): PageKit {
  const schemas = new SchemaReader(place.import);
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
    form: (scope, schema, options) => form(scope, schemas, schema, options),
    attributes: attributesIn,
    redirect,
    begin: (around, exchange) => new PageRun(around, exchange),
    response: (scope, run) => new RunResponse(scope, run),
    end: (run, scope, printed) => end(run, scope, printed, place),
    include: (scope, path, data, children, includer) =>
      typeof data === 'function' && children === undefined
        ? include(scope, { path: String(path), data: undefined }, data, includer, place)
        : include(scope, { path: String(path), data }, children, includer, place),
    render: (scope, path, data) => rendered(scope, String(path), data, place),
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
  const settings = typeof status === 'object' ? status : { ...options, status };
  const to = redirectTo(url, settings, () => scope.REQUEST.url);
  const keep = sentFormKeeper(scope, settings.keep_form);
  scope.redirect(to, settings.flash);
  keep?.();
  throw to;
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
  const problem = place.layoutProblem(call.path);
  if (problem !== undefined) throw problem;
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

/** Runs an inner page, whose scope counts one level more. */
async function rendered(
  outer: PageScope,
  path: string,
  data: unknown,
  place: PageLinks,
): Promise<string | Html> {
  if (outer.includeDepth >= DEEPEST) throw tooDeep(path, place.cycle());
  return place.render(new InnerScope(outer), path, data);
}

function tooDeep(path: string, cycle: string | undefined): Problem {
  const params = { path, depth: DEEPEST, cycle: cycle === undefined ? '' : `: ${cycle}` };
  return new Problem('include-depth', { params });
}
