// Reads the form of a request that fails before its body is read, such as that of a page that does not compile, so that the
// response can carry its fields (docs/going-live.md, *Errors*).

import { isForm, isMultipart } from '../form-type.ts';
import { recover } from '../recover.ts';
import type { RequestContext } from '../request-context.ts';
import { readFields } from '../request-steps.ts';
import { keepsWork } from './kept-work.ts';

/** @param status that of the response */
export function readUnreadForm(context: RequestContext, status: number): void | Promise<void> {
  const { body, form, body_refused, incoming } = context;
  if (body !== undefined || form?.reading !== undefined || body_refused || !keepsWork(context, status))
    return undefined;
  const type = incoming.headers['content-type'] ?? '';
  if (!isForm(type) && !isMultipart(type)) return undefined;
  // A body that is refused as well has been read up to its limit; the first error is the one that is answered.
  return recover(context, readFields, () => undefined);
}
