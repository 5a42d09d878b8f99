// SEND_AGAIN: the fields of a refused form as hidden inputs, with a button that sends them again (docs/going-live.md,
// *Errors*). The empty action is the URL of the document, so the fields go where they were sent first.

import { Problem } from '../../diagnostics/problem.ts';
import { escapeString } from '../../escaping/text-escaper.ts';
import { Html } from '../../escaping/trusted-text.ts';
import { isForm, isMultipart } from '../form-type.ts';
import { newTokenField, tokenField } from '../once/form-token.ts';
import type { RequestContext } from '../request-context.ts';
import { keepsWork } from './kept-work.ts';
import { type SentFields, sentFields } from './sent-fields.ts';

const WITHHELD = 'Files, passwords and codes are not kept, so they will be missing.';
const CUT = 'Some of it was too large to be kept, so it will be missing.';

/**
 * The form of a response with this status; undefined if the request is none of a form of this site, or nothing of it was read.
 */
export function sendAgainForm(context: RequestContext, status: number): Html | undefined {
  if (!keepsWork(context, status)) return undefined;
  const sent = sentFields(context);
  if (sent.fields.length === 0 && sent.token === undefined) return undefined;
  return new Html(formHtml(sent, enctypeOf(context), tokenHtml(context, sent)));
}

/**
 * The token of the form (Once). With the same one, an arrival that is still at work, or has done its work, is not repeated. A form of
 * which that is not known gets a new one, because its visitor decides whether the work is begun again.
 */
function tokenHtml({ error }: RequestContext, { token }: SentFields): string {
  if (token === undefined) return '';
  return error instanceof Problem && error.code === 'once-unsure' ? newTokenField() : tokenField(token);
}

function enctypeOf({ incoming }: RequestContext): string {
  const type = incoming.headers['content-type'] ?? '';
  return isMultipart(type) && !isForm(type) ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
}

function formHtml({ fields, withheld, cut }: SentFields, enctype: string, token: string): string {
  const notes = [...(withheld ? [WITHHELD] : []), ...(cut ? [CUT] : [])].map((note) => `<p>${note}</p>`);
  const inputs = fields.map(([name, value]) => fieldHtml(name, value)).join('');
  return `<form class="send-again" method="post" action="" enctype="${enctype}">${token}${inputs}<p>What you sent is kept in this page.</p>${notes.join('')}<p><button>Send it again</button></p></form>`;
}

/**
 * Browsers put their encoding in place of the value of a hidden input named _charset_, but not of a textarea (HTML, "constructing
 * the entry list"), whose first line break they ignore.
 */
function fieldHtml(name: string, value: string): string {
  const attribute = escapeString(name);
  if (name.toLowerCase() === '_charset_')
    return `<textarea name="${attribute}" hidden>\n${escapeString(value)}</textarea>`;
  return `<input type="hidden" name="${attribute}" value="${escapeString(value)}">`;
}
