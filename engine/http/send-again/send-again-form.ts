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

/** The sentence about work that has begun, and of which it is not known how far it came (Once). */
export const UNSURE = 'It is not certain whether this was done. Please look before you send it again.';
const WITHHELD = 'Files, passwords and codes are not kept, so they will be missing.';
const KEPT = 'What you sent is kept in this page.';
const CUT = 'Some of it was too large to be kept, so it will be missing.';

/**
 * The form of a response with this status; undefined if the request is none of a form of this site, or nothing of it was read.
 */
export function sendAgainForm(context: RequestContext, status: number): Html | undefined {
  if (!keepsWork(context, status)) return undefined;
  const sent = sentFields(context);
  if (sent.fields.length === 0 && sent.token === undefined) return undefined;
  const token = tokenHtml(context, sent);
  return new Html(formHtml(token, sent, enctypeOf(context), notesOf(context, sent)));
}

/**
 * The token of the form (Once). With the same one, an arrival that is still at work, or has done its work, is not repeated. A form of
 * which that is not known gets a new one, because its visitor decides whether the work is begun again.
 */
function tokenHtml({ error }: RequestContext, { token }: SentFields): string {
  if (token === undefined) return '';
  return isUnsureBefore(error) ? newTokenField() : tokenField(token);
}

/** Whether an earlier arrival of the form was interrupted at its work. */
function isUnsureBefore(error: unknown): boolean {
  return error instanceof Problem && error.code === 'once-unsure';
}

function notesOf({ error, form }: RequestContext, { withheld, cut }: SentFields): string[] {
  const isUnsure = form?.has_begun === true || isUnsureBefore(error);
  return [...(isUnsure ? [UNSURE] : []), KEPT, ...(withheld ? [WITHHELD] : []), ...(cut ? [CUT] : [])];
}

function enctypeOf({ incoming }: RequestContext): string {
  const type = incoming.headers['content-type'] ?? '';
  return isMultipart(type) && !isForm(type) ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
}

function formHtml(token: string, { fields }: SentFields, enctype: string, notes: readonly string[]): string {
  const paragraphs = notes.map((note) => `<p>${note}</p>`).join('');
  const inputs = fields.map(([name, value]) => fieldHtml(name, value)).join('');
  return `<form class="send-again" method="post" action="" enctype="${enctype}">${token}${inputs}${paragraphs}<p><button>Send it again</button></p></form>`;
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
