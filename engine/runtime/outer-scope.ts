// The names that a scope takes from the scope around it, for code that runs within the request of a page: inner pages
// (inner-scope.ts) and guards (guard-scope.ts).

import type { Html } from '../escaping/trusted-text.ts';
import type {
  Files,
  FormServices,
  OnceOptions,
  OnceResult,
  PageRequest,
  PageScope,
  Query,
  SessionNeed,
  SessionOptions,
} from './page-types.ts';

/** Names are read from the outer scope when the code uses them. */
export abstract class OuterScope {
  protected readonly outer: PageScope;

  constructor(outer: PageScope) {
    this.outer = outer;
  }

  get QUERY(): Query {
    return this.outer.QUERY;
  }

  get FILES(): Files {
    return this.outer.FILES;
  }

  get PARAMS(): Readonly<Record<string, string>> {
    return this.outer.PARAMS;
  }

  get REQUEST(): PageRequest {
    return this.outer.REQUEST;
  }

  get LOCALS(): object {
    return this.outer.LOCALS;
  }

  get forms(): FormServices {
    return this.outer.forms;
  }

  get CONFIG(): unknown {
    return this.outer.CONFIG;
  }

  get SEND_AGAIN(): Html | undefined {
    return this.outer.SEND_AGAIN;
  }

  get printsTokens(): boolean {
    return this.outer.printsTokens;
  }

  formToken(tag: string): string {
    return this.outer.formToken(tag);
  }

  once(options?: OnceOptions): Promise<OnceResult> {
    return this.outer.once(options);
  }

  session(options?: SessionOptions): unknown {
    return this.outer.session(options);
  }

  begin(need: SessionNeed): void | Promise<void> {
    return this.outer.begin(need);
  }

  included(file: string): void {
    this.outer.included?.(file);
  }
}
