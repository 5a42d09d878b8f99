// The scope of a guard (`_before.pih`, docs/guards.md): that of its request, with the PARAMS of its folder. A guard prints
// nothing, so it has nothing to flush.

import { Problem } from '../diagnostics/problem.ts';
import { OuterScope } from './outer-scope.ts';
import type { FlashValues, Redirect } from './page-result.ts';
import type { PageScope, RequestResponse } from './page-types.ts';

/** The scope of one guard. A redirect that it sets is that of the request. */
export class GuardScope extends OuterScope implements PageScope {
  includeDepth = 0;
  readonly #own: Readonly<Record<string, string>>;

  /** @param own the values of the brackets of its folder. They count, even if a bracket below has the same name. */
  constructor(outer: PageScope, own: Readonly<Record<string, string>>) {
    super(outer);
    this.#own = own;
  }

  override get PARAMS(): Readonly<Record<string, string>> {
    return Object.freeze(Object.assign(Object.create(null), this.outer.PARAMS, this.#own));
  }

  get RESPONSE(): RequestResponse {
    return this.outer.RESPONSE;
  }

  get redirected(): Redirect | undefined {
    return this.outer.redirected;
  }

  override once(): never {
    throw new Problem('once-not-here', { params: { reason: 'this is a _before.pih' } });
  }

  redirect(to: Redirect, flash?: FlashValues): void {
    this.outer.redirect(to, flash);
  }

  assertMayFlush(): never {
    throw new Problem('flush-not-here', { params: { where: 'in a _before.pih' } });
  }

  flush(): never {
    return this.assertMayFlush();
  }
}
