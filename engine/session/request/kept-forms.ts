// The forms that a session keeps beside its attributes (docs/forms.md, *Behind a redirect*). They are no attributes: no page
// sees them but through Form.

import { createHash } from 'node:crypto';
import { type KeptFields, type KeptForm, keptSize } from '../../forms/kept-form.ts';
import type { SessionRecord } from '../format/session-record.ts';
import type { SessionState } from './session-state.ts';

/** A form is kept for ten minutes. */
const KEPT_MS = 10 * 60_000;

/** The characters of a key: 132 bits. */
const KEY_LENGTH = 22;

/** The number of forms that one session keeps. */
const MOST_FORMS = 3;

/** The largest form in bytes. */
const LARGEST = 64 * 1024;

/** The largest form in bytes where the visitor's cookie has the session. */
const LARGEST_IN_COOKIE = 2 * 1024;

/** A form to keep for a page; undefined: the page's form is dropped. */
export interface FormChange {
  readonly place: string;
  readonly form: KeptFields | undefined;
  /** The form to drop is the one that is kept until this time; undefined: any. */
  readonly until?: number | undefined;
}

/** The form that is kept for a page. */
export function keptFormOf(state: SessionState, place: string): KeptForm | undefined {
  // Most sessions keep none, and then no digest is made.
  if (Object.keys(state.record.forms).length === 0) return undefined;
  const form = formAt(state, keyOf(place));
  return form !== undefined && form.until > state.context.now() ? form : undefined;
}

function formAt({ record }: SessionState, key: string): KeptForm | undefined {
  return Object.hasOwn(record.forms, key) ? record.forms[key] : undefined;
}

/** A digest of the place, because the query of a URL may have a secret, such as the token of a link in a mail. */
function keyOf(place: string): string {
  return createHash('sha256').update(place).digest('base64url').slice(0, KEY_LENGTH);
}

/** Keeps a form for a page, or drops it if `form` is undefined. A form that is too big is not kept, and replaces none. */
export function changeForms(state: SessionState, { place, form, until }: FormChange): void {
  const { record, context } = state;
  const key = keyOf(place);
  const before = formAt(state, key);
  if (form === undefined) {
    if (before === undefined || (until !== undefined && before.until !== until)) return;
    delete record.forms[key];
    state.changed = true;
    return;
  }
  if (keptSize(form) > (context.clientStore === undefined ? LARGEST : LARGEST_IN_COOKIE)) return;
  state.noteChange();
  delete record.forms[key];
  // Each time is another one, because it tells a page that has shown the form which one that was.
  const end = Math.max(context.now() + KEPT_MS, (before?.until ?? 0) + 1);
  record.forms[key] = { until: end, fields: form.fields, errors: form.errors };
  while (Object.keys(record.forms).length > MOST_FORMS) dropOldestForm(record);
}

/** Drops the form that was kept first. Returns whether there was one. */
export function dropOldestForm({ forms }: SessionRecord): boolean {
  const [oldest] = Object.entries(forms).sort(([, one], [, other]) => one.until - other.until);
  if (oldest === undefined) return false;
  delete forms[oldest[0]];
  return true;
}
