// What a compiled page is linked with: printing, and the names that need the other pages.

import { Problem } from '../diagnostics/problem.ts';
import { escapeText, plainText } from '../escaping/text.ts';
import type { PageScope } from '../runtime/names.ts';
import { html, printed, raw } from '../runtime/output.ts';
import { HttpError, type RedirectOptions, redirectTo } from '../runtime/result.ts';

/** The first argument of a compiled page's factory. */
export interface PageKit {
  readonly text: typeof escapeText;
  readonly plain: typeof plainText;
  readonly print: (values: readonly unknown[]) => string;
  readonly html: typeof html;
  readonly raw: typeof raw;
  readonly HttpError: typeof HttpError;
  readonly redirect: (
    scope: PageScope,
    url: string,
    status?: number | RedirectOptions,
    options?: RedirectOptions,
  ) => never;
  /** The page's output at its end, with the number of its includes that still run. */
  readonly whole: (printed: string, unfinished: number) => string;
  readonly include: IncludeRunner;
  readonly import: PagePlace['import'];
  readonly meta: PagePlace['meta'];
}

/** How an included page runs; gives what it prints. */
type IncludeRunner = (scope: PageScope, path: string, data: unknown) => string | Promise<string>;

/** What depends on where the page stands. */
export interface PagePlace {
  /** Finds included pages relative to the page. */
  readonly run: IncludeRunner;
  /** `import()`. */
  readonly import: (specifier: unknown) => Promise<unknown>;
  /** `import.meta`. */
  readonly meta: object;
}

/** The kit of one page. */
export function pageKit(place: PagePlace): PageKit {
  return {
    text: escapeText,
    plain: plainText,
    print: (values) => printed(values),
    html,
    raw,
    HttpError,
    redirect,
    whole,
    include: (scope, path, data) => include(scope, path, data, place.run),
    import: place.import,
    meta: place.meta,
  };
}

/** Remembers the redirect as the page's outcome, then ends the page by throwing it. */
function redirect(
  scope: PageScope,
  url: string,
  status: number | RedirectOptions = 303,
  options: RedirectOptions = {},
): never {
  const [code, settings] = typeof status === 'object' ? [303, status] : [status, options];
  scope.redirected = redirectTo(String(url), code, settings);
  throw scope.redirected;
}

/** Pages that include each other without end would exhaust the stack; nobody nests so deep on purpose. */
const DEEPEST = 100;

function include(
  scope: PageScope,
  path: string,
  data: unknown,
  run: IncludeRunner,
): string | Promise<string> {
  if (scope.includeDepth >= DEEPEST)
    throw new Problem('include-depth', { holes: { path: String(path), depth: DEEPEST } });
  scope.includeDepth++;
  let part: string | Promise<string> = '';
  try {
    part = run(scope, path, data);
  } finally {
    if (typeof part === 'string') scope.includeDepth--;
  }
  if (typeof part === 'string') return part;
  return part.finally(() => {
    scope.includeDepth--;
  });
}

/** What a page printed; an include that it did not await would be missing in it. */
function whole(printed: string, unfinished: number): string {
  if (unfinished > 0) throw new Problem('include-unfinished');
  return printed;
}
