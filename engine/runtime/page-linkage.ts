// The interface between the code of a compiled page and the engine: the members of the kit that its factory takes. The
// compiler may emit only names of members that stand here, and `pages/page-kit.ts` must implement all of them.

import type { CallPlace } from '../diagnostics/call-place.ts';
import type { ESCAPERS } from '../escaping/escaper-for.ts';
import type { escapeText, plainText } from '../escaping/text-escaper.ts';
import type { Html, safe } from '../escaping/trusted-text.ts';
import type { StandardSchema } from '../forms/standard-schema.ts';
import type { attributesIn } from './form-attributes-output.ts';
import type { FormOptions } from './form-types.ts';
import type { PageRun, Surroundings } from './layout.ts';
import type { html, printed, raw } from './page-output.ts';
import type { HttpError, RedirectOptions } from './page-result.ts';
import type { PageResponse, PageScope } from './page-types.ts';

/** The first argument of a compiled page's factory. */
export interface PageKit {
  readonly text: typeof escapeText;
  readonly plain: typeof plainText;
  readonly escapers: typeof ESCAPERS;
  readonly print: typeof printed;
  /** Throws the Problem for code that prints in another context than the one that it is compiled for. */
  readonly misplaced: (
    here: string | undefined,
    written: string,
    line: number,
    column: number,
    call?: CallPlace,
  ) => never;
  readonly html: typeof html;
  readonly safe: typeof safe;
  readonly raw: typeof raw;
  readonly HttpError: typeof HttpError;
  readonly form: (scope: PageScope, schema: StandardSchema, options?: FormOptions) => Promise<unknown>;
  /** Prints the result of `form.attrs()` inside a tag. */
  readonly attributes: typeof attributesIn;
  readonly redirect: (
    scope: PageScope,
    url: unknown,
    status?: number | RedirectOptions,
    options?: RedirectOptions,
  ) => never;
  /** Begins a run of the page that may name a layout, set sections or include pages. */
  readonly begin: (around: Surroundings, exchange: (text: string) => string) => PageRun;
  /** RESPONSE of a page that may flush. */
  readonly response: (scope: PageScope, run: PageRun) => PageResponse;
  /** Ends a run that `begin` began; returns what the page prints, inside its layout if it has one. */
  readonly end: (run: PageRun, scope: PageScope, printed: string) => string | Promise<string>;
  readonly include: (
    scope: PageScope,
    path: string,
    data: unknown,
    children: unknown,
    includer: PageRun,
  ) => string | Promise<string>;
  /** Runs another page in this request, and gives its output: a string of a text page, markup of an HTML page. */
  readonly render: (scope: PageScope, path: string, data: unknown) => Promise<string | Html>;
  readonly layout: (run: PageRun, path: string, data: unknown) => void;
  /** `import()`. */
  readonly import: (specifier: unknown) => Promise<unknown>;
  /** `import.meta`. */
  readonly meta: object;
}
