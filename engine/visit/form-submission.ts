// The request that a form makes when it is submitted (HTML, 4.10.22.3, "form submission").

import type { Element } from 'domhandler';
import { Problem } from '../diagnostics/problem.ts';
import { formCharset } from './form-charset.ts';
import { type FormControl, isSubmitButton } from './form-controls.ts';
import { encodedForm, type FormEncoding, urlEncodedForm } from './form-encoding.ts';
import { formEntries } from './form-entries.ts';

/** A request that a page makes. */
export interface PageRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body?: Buffer | undefined;
  readonly type?: string | undefined;
}

/** A form that is submitted. */
export interface Submission {
  readonly form: Element;
  readonly controls: readonly FormControl[];
  /** The button that was clicked. */
  readonly submitter: FormControl | undefined;
  /** The base of relative URLs: `<base href>`, else the page's URL. */
  readonly base: URL;
  /** The page's own URL, which an empty action stands for. */
  readonly page: URL;
}

/** The button that pressing Enter in a field would click: the first submit button of the form (HTML, 4.10.22.2). */
export function defaultButton(controls: readonly FormControl[]): FormControl | undefined {
  return controls.find(isSubmitButton);
}

/**
 * The request of a form.
 * @throws Problem `visit-form-sends-nothing`, `visit-charset`
 */
export async function submissionRequest(submission: Submission): Promise<PageRequest> {
  const { form, controls, submitter } = submission;
  const method = attributeOf(submission, 'method')?.toLowerCase();
  const url = actionUrl(submission);
  if (method === 'dialog')
    throw new Problem('visit-form-sends-nothing', { params: { action: 'method="dialog"' } });
  const charset = formCharset(form);
  const entries = formEntries(controls, submitter, charset.name);
  if (method !== 'post') return { method: 'GET', url: withQuery(url, urlEncodedForm(entries, charset)) };
  return { method: 'POST', url, ...(await encodedForm(entries, encodingOf(submission), charset)) };
}

/** The button's own attribute (`formaction`, …) goes before the form's. */
function attributeOf(
  { form, submitter }: Submission,
  name: 'action' | 'enctype' | 'method',
): string | undefined {
  return submitter?.element.attribs[`form${name}`] ?? form.attribs[name];
}

function encodingOf(submission: Submission): FormEncoding {
  const encoding = attributeOf(submission, 'enctype')?.toLowerCase();
  return encoding === 'multipart/form-data' || encoding === 'text/plain'
    ? encoding
    : 'application/x-www-form-urlencoded';
}

function actionUrl(submission: Submission): URL {
  const action = attributeOf(submission, 'action') ?? '';
  const url = action === '' ? new URL(submission.page) : resolvedUrl(action, submission.base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Problem('visit-form-sends-nothing', { params: { action: `action="${action}"` } });
  return url;
}

function resolvedUrl(action: string, base: URL): URL {
  if (!URL.canParse(action, base.href))
    throw new Problem('visit-form-sends-nothing', { params: { action: `action="${action}"` } });
  return new URL(action, base);
}

/** The query of a GET form takes the place of one in its action. */
function withQuery(url: URL, query: string): URL {
  const changed = new URL(url);
  changed.search = query;
  // An empty query still leaves its question mark in the URL of a browser.
  return query === '' ? new URL(`${changed.href.split('#', 1)[0]}?${changed.hash}`) : changed;
}
