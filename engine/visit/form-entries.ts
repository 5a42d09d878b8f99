// The names and values that a browser sends of a form (HTML, 4.10.22.4, "constructing the entry list").

import { directionOf } from './directionality.ts';
import { type FormControl, isSubmitButton } from './form-controls.ts';

/** A name with a text or a file. */
export type FormEntry = readonly [name: string, value: string | File];

/** Controls whose text direction `dirname` sends. */
const WITH_DIRECTION: ReadonlySet<string> = new Set([
  'hidden',
  'text',
  'search',
  'tel',
  'url',
  'email',
  'password',
  'submit',
  'reset',
  'button',
  'textarea',
]);

/**
 * The entries of a form.
 * @param controls the form's controls in tree order
 * @param submitter the button that was clicked
 * @param charset the name of the encoding in which the form is sent
 */
export function formEntries(
  controls: readonly FormControl[],
  submitter: FormControl | undefined,
  charset: string,
): FormEntry[] {
  return controls
    .filter((control) => isSuccessful(control, submitter))
    .flatMap((control) => entriesOfControl(control, charset));
}

function isSuccessful(control: FormControl, submitter: FormControl | undefined): boolean {
  const { type, isDisabled } = control;
  if (isDisabled || type === 'reset' || type === 'button') return false;
  if (isSubmitButton(control) && control !== submitter) return false;
  if ((type === 'checkbox' || type === 'radio') && !control.isChecked) return false;
  return type === 'image' || control.name !== '';
}

function entriesOfControl(control: FormControl, charset: string): FormEntry[] {
  const { element, type, name, value } = control;
  // A click by a program is one at the image's corner.
  if (type === 'image') return ['x', 'y'].map((axis) => [name === '' ? axis : `${name}.${axis}`, '0']);
  if (element.name === 'select') return selectedEntries(control);
  if (type === 'file') return fileEntries(control);
  if (type === 'hidden' && name.toLowerCase() === '_charset_') return [[name, charset]];
  const { dirname } = element.attribs;
  const entries: FormEntry[] = [[name, value]];
  if (dirname !== undefined && WITH_DIRECTION.has(type))
    entries.push([dirname, directionOf(element, type, value)]);
  return entries;
}

function selectedEntries({ name, options }: FormControl): FormEntry[] {
  return options
    .filter(({ isSelected, isDisabled }) => isSelected && !isDisabled)
    .map(({ value }) => [name, value]);
}

/** A file input without a file sends an empty one. */
function fileEntries({ name, files }: FormControl): FormEntry[] {
  if (files.length > 0) return files.map((file) => [name, file]);
  return [[name, new File([], '', { type: 'application/octet-stream' })]];
}
