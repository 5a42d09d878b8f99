// Runs the guards of a request (`_before.pih`, docs/guards.md), the outermost first, and then its page. Each of them may
// answer, and what comes after it does not run.

import type { Guard, LoadedPage } from '../pages/index.ts';
import { GuardScope } from '../runtime/guard-scope.ts';
import { andThen } from '../session/maybe-promise.ts';
import { guardResponse } from './rendered-response.ts';
import type { HttpResponse, RequestContext } from './request-context.ts';
import { RequestScope } from './request-scope.ts';
import { RunningRequestPage } from './running-request-page.ts';

type MaybeResponse = HttpResponse | undefined | Promise<HttpResponse | undefined>;

/**
 * The response of the first guard that answers, or of the page; undefined if no guard answers and there is no page. Guards and
 * page have one time limit together, because they hold one lock.
 */
export function guardedResponse(
  context: RequestContext,
  page: (() => HttpResponse | Promise<HttpResponse>) | undefined,
): MaybeResponse {
  const run = new GuardedRun(context, page);
  const response = run.from(0);
  if (!(response instanceof Promise)) return response;
  return context.site.running.within(response, new RunningRequestPage(context, run, context.draft));
}

class GuardedRun {
  /** The guard or page that runs now, for the log. */
  name = '';
  readonly #context: RequestContext;
  readonly #page: (() => HttpResponse | Promise<HttpResponse>) | undefined;

  constructor(context: RequestContext, page: (() => HttpResponse | Promise<HttpResponse>) | undefined) {
    this.#context = context;
    this.#page = page;
  }

  /** @throws the error that has answered meanwhile: past the time limit, nothing more may begin */
  from(index: number): MaybeResponse {
    const { draft, guards, located, page } = this.#context;
    if (draft.closed !== undefined) throw draft.closed;
    const guard = guards[index];
    if (guard === undefined) {
      this.name = page?.name ?? '';
      return this.#page?.();
    }
    this.name = guard.name;
    return andThen(
      this.#answerOf(guard, located?.guards[index]),
      (response) => response ?? this.from(index + 1),
    );
  }

  #answerOf(guard: LoadedPage, place: Guard | undefined): MaybeResponse {
    const scope = new RequestScope(this.#context, this.#context.draft);
    return guardResponse(this.#context, guard, new GuardScope(scope, place?.params ?? {}));
  }
}
