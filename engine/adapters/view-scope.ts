// The names of a view without a site's request: it has its ARGS. A name that needs the request is an error, because a view that
// finds all fields missing would only seem to work.

import { Problem } from '../diagnostics/problem.ts';
import type { FlashValues, Redirect } from '../runtime/page-result.ts';
import type { PageScope } from '../runtime/page-types.ts';

/** The scope of such a view. */
export class ViewScope implements PageScope {
  redirected: Redirect | undefined = undefined;
  includeDepth = 0;
  readonly SEND_AGAIN = undefined;
  readonly LOCALS: object = Object.create(null);
  readonly #file: string;

  /** @param file the view, for errors */
  constructor(file: string) {
    this.#file = file;
  }

  get QUERY(): never {
    return this.#refuse('form fields (QUERY and _names)');
  }

  get FILES(): never {
    return this.#refuse('FILES');
  }

  get PARAMS(): never {
    return this.#refuse('PARAMS');
  }

  get REQUEST(): never {
    return this.#refuse('REQUEST');
  }

  get RESPONSE(): never {
    return this.#refuse('RESPONSE');
  }

  get CONFIG(): never {
    return this.#refuse('CONFIG');
  }

  get forms(): never {
    return this.#refuse('Form()');
  }

  redirect(to: Redirect, flash?: FlashValues): void {
    if (flash !== undefined) this.#refuse('Session()');
    this.redirected = to;
  }

  once(): never {
    return this.#refuse('Once()');
  }

  readonly printsTokens = false;

  formToken(): string {
    return '';
  }

  session(): never {
    return this.#refuse('Session()');
  }

  begin(need: 'none' | 'read' | 'write'): void {
    if (need !== 'none') this.#refuse('Session()');
  }

  assertMayFlush(): never {
    return this.#refuse('RESPONSE');
  }

  flush(): never {
    return this.#refuse('RESPONSE');
  }

  #refuse(name: string): never {
    throw new Problem('view-without-request', { file: this.#file, params: { name } });
  }
}
