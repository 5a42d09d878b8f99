// The response of a redirect, with the headers and cookies of the page.

import type { Redirect } from '../runtime/page-result.ts';
import type { HttpResponse } from './request-context.ts';
import type { ResponseDraft } from './response-draft.ts';

const TEXT = 'text/plain; charset=utf-8';

export function redirectResponse(
  { status, location }: Pick<Redirect, 'status' | 'location'>,
  draft: ResponseDraft,
): HttpResponse {
  draft.headers.set('Location', location);
  draft.headers.delete('Content-Type');
  return { status, body: '', type: TEXT, draft };
}
