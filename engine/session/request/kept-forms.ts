// The forms that a session keeps beside its attributes (docs/forms.md, *Behind a redirect*). They are no attributes: no page
// sees them but through Form.

import { type KeptFields, type KeptForm, keptSize } from '../../forms/kept-form.ts';
import type { SessionRecord } from '../format/session-record.ts';
import type { SessionState } from './session-state.ts';

/** A form is kept for ten minutes. */
const KEPT_MS = 10 * 60_000;

/** The number of forms that one session keeps. */
const MOST_FORMS = 3;

/** The largest form in bytes. */
const LARGEST = 64 * 1024;

/** The largest form in bytes where the visitor's cookie has the session. */
const LARGEST_IN_COOKIE = 2 * 1024;

/** The form that is kept for a page. */
export function keptFormOf({ record, context }: SessionState, place: string): KeptForm | undefined {
  const form = Object.hasOwn(record.forms, place) ? record.forms[place] : undefined;
  return form !== undefined && form.until > context.now() ? form : undefined;
}

/** Keeps a form for a page, or drops it if `form` is undefined. A form that is too big is not kept, and replaces none. */
export function changeForms(state: SessionState, place: string, form: KeptFields | undefined): void {
  const { record, context } = state;
  if (form === undefined) {
    if (!Object.hasOwn(record.forms, place)) return;
    delete record.forms[place];
    state.changed = true;
    return;
  }
  if (keptSize(form) > (context.clientStore === undefined ? LARGEST : LARGEST_IN_COOKIE)) return;
  state.noteChange();
  delete record.forms[place];
  record.forms[place] = { until: context.now() + KEPT_MS, fields: form.fields, errors: form.errors };
  while (Object.keys(record.forms).length > MOST_FORMS) dropOldestForm(record);
}

/** Drops the form that was kept first. Returns whether there was one. */
export function dropOldestForm({ forms }: SessionRecord): boolean {
  const [oldest] = Object.entries(forms).sort(([, one], [, other]) => one.until - other.until);
  if (oldest === undefined) return false;
  delete forms[oldest[0]];
  return true;
}
