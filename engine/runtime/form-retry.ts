// Ends a page with a redirect while its form is kept, until the page that shows it finds it (docs/forms.md, *Behind a redirect*).

import { Problem } from '../diagnostics/problem.ts';
import { formPlace, type KeptFields, keptFields } from '../forms/kept-form.ts';
import { redirectTo } from './page-result.ts';
import type { PageScope } from './page-types.ts';

/** The part of a request that a redirect with a form needs. */
type KeepScope = Pick<PageScope, 'QUERY' | 'REQUEST' | 'forms'>;

/**
 * `form.retry(path)`: redirects to a page that shows the form, and keeps the form for it.
 * @param path undefined: the page of the request
 * @throws Redirect; Problem `redirect-external`, `redirect-url`, `response-begun`, or `form-retry-loop` if the page would come back
 * to the same call
 */
export function retryForm(
  scope: KeepScope & Pick<PageScope, 'redirect'>,
  path: unknown,
  form: KeptFields,
): never {
  const { REQUEST, forms } = scope;
  const to = redirectTo(path ?? ownPath(REQUEST.url), {}, () => REQUEST.url);
  const target = new URL(to.location, REQUEST.url);
  if (isVisit(scope) && formPlace(target) === formPlace(REQUEST.url))
    throw new Problem('form-retry-loop', { params: { location: to.location } });
  scope.redirect(to);
  forms.keep(target, form);
  throw to;
}

/**
 * `redirect(url, { keep_form })`: keeps the form that was sent. A visit sends none.
 * @param where true: for the page that it was sent to; otherwise a path of this site
 * @returns a function that keeps the form; undefined: there is none
 * @throws Problem `redirect-external`, `redirect-url` for a path that is none of this site
 */
export function sentFormKeeper(scope: KeepScope, where: unknown): (() => void) | undefined {
  if (where === undefined || where === false) return undefined;
  const { REQUEST } = scope;
  const path = where === true ? ownPath(REQUEST.url) : where;
  const { location } = redirectTo(path, {}, () => REQUEST.url);
  if (isVisit(scope)) return undefined;
  return () => {
    const form = keptFields(scope.QUERY, {}, (name) => scope.forms.isSecret(name));
    scope.forms.keep(new URL(location, REQUEST.url), form);
  };
}

/** The path with the query, as it is sent. */
function ownPath({ pathname, search }: URL): string {
  return pathname + search;
}

function isVisit({ REQUEST: { method } }: KeepScope): boolean {
  return method === 'GET' || method === 'HEAD';
}
