// The services of a request for Form: which fields are secret, and the form that the session keeps for the page.

import { formPlace, type KeptFields, type KeptForm } from '../forms/kept-form.ts';
import type { FormServices, RefusedField } from '../runtime/page-types.ts';
import type { RequestSession } from '../session/index.ts';
import { recover } from './recover.ts';
import type { RequestContext } from './request-context.ts';

const NONE: ReadonlyMap<string, RefusedField> = new Map();

/** The services for the pages of one scope. */
export class RequestForms implements FormServices {
  readonly #context: RequestContext;
  readonly #session: () => RequestSession;
  #kept: { readonly form: KeptForm | undefined | Promise<KeptForm | undefined> } | undefined;

  /** @param session gives the session of the scope */
  constructor(context: RequestContext, session: () => RequestSession) {
    this.#context = context;
    this.#session = session;
  }

  isSecret(name: string): boolean {
    return this.#context.isSecret(name);
  }

  get refused(): ReadonlyMap<string, RefusedField> {
    return this.#context.form?.refused_fields?.byName ?? NONE;
  }

  /** Reads the session once for all forms of the page, and only if the request brings a cookie. */
  kept(): KeptForm | undefined | Promise<KeptForm | undefined> {
    this.#kept ??= { form: this.#read() };
    return this.#kept.form;
  }

  shown({ until }: KeptForm): void {
    this.#context.shown_form = { place: this.#place, until };
  }

  keep(url: URL, form: KeptFields): void {
    this.#session().keepForm(formPlace(url), form);
  }

  discard(): void {
    if (this.#context.incoming.headers.cookie !== undefined) this.#session().dropForm(this.#place);
  }

  get #place(): string {
    return formPlace(this.#context.request.url);
  }

  /** A session that cannot be had keeps no page from being shown. */
  #read(): KeptForm | undefined | Promise<KeptForm | undefined> {
    if (this.#context.incoming.headers.cookie === undefined) return undefined;
    return recover<RequestForms, KeptForm | undefined>(
      this,
      () => this.#session().keptForm(this.#place),
      () => undefined,
    );
  }
}
