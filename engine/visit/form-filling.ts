// Fills in a form as a visitor does: texts into fields, checkboxes checked, options chosen, files attached. A field or
// value that the form does not offer is refused, because a test that sends it would not do what a visitor can do.

import { nearestName } from '../diagnostics/nearest.ts';
import { Problem } from '../diagnostics/problem.ts';
import {
  check,
  type FormControl,
  isMultiple,
  isSubmitButton,
  type OptionState,
  select,
} from './form-controls.ts';
import { sanitizedValue } from './input-value.ts';

/** A file to attach: a File (`new File([bytes], 'photo.jpg', { type: 'image/jpeg' })`). */
type FieldValue = string | number | boolean | File;

/**
 * The values to fill in, by the names of the fields. A text for a text field, the value of a radio button or an option; for a checkbox
 * true, false or its value; a File for a file input; a list for several fields of one name, or a field that takes several.
 */
export type FormValues = Readonly<Record<string, FieldValue | readonly FieldValue[] | undefined>>;

/**
 * Puts values into the controls of a form; undefined leaves a field as the page shows it.
 * @param shown the form as messages name it
 * @throws Problem `visit-field-missing`, `visit-field-disabled`, `visit-value-refused`
 */
export function fillForm(controls: readonly FormControl[], values: FormValues, shown: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const named = controls.filter((control) => control.name === name && !isButton(control));
    if (named.length === 0) throw missingField(name, controls, shown);
    const enabled = named.filter(
      ({ isDisabled, element }) => !isDisabled && element.attribs.readonly === undefined,
    );
    if (enabled.length === 0) throw new Problem('visit-field-disabled', { params: { name, form: shown } });
    fillFields(enabled, value, { name, controls });
  }
}

/** A field to fill in: its name, and all controls of that name. */
interface Field {
  readonly name: string;
  readonly controls: readonly FormControl[];
}

function isButton(control: FormControl): boolean {
  return isSubmitButton(control) || control.type === 'button' || control.type === 'reset';
}

function missingField(name: string, controls: readonly FormControl[], form: string): Problem {
  const names = [...new Set(controls.filter((control) => !isButton(control)).map((control) => control.name))];
  const near = nearestName(name, names);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  const list = names.filter((each) => each !== '').join(', ') || 'none';
  return new Problem('visit-field-missing', { params: { name, form, names: list, hint }, value: name });
}

/** A hidden field beside a box of the same name holds what an unchecked box means: the box is filled. */
function fillFields(named: readonly FormControl[], value: FormValues[string], field: Field): void {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const choices = named.filter(({ type }) => type === 'checkbox' || type === 'radio');
  const shown = named.filter(({ type }) => type !== 'hidden');
  if (choices.length > 0) fillChoices(choices, values, field);
  else fillTexts(shown.length > 0 ? shown : named, values, field);
}

/** One value goes into each field, in tree order; a list goes into a field that takes several. */
function fillTexts(fields: readonly FormControl[], values: readonly unknown[], field: Field): void {
  const [first] = fields;
  if (first !== undefined && fields.length === 1 && takesSeveral(first)) {
    fillOne(first, values, field);
    return;
  }
  if (values.length > fields.length)
    throw refused(field, values, `${fields.length === 1 ? 'one value' : `at most ${fields.length} values`}`);
  for (const [index, value] of values.entries()) {
    const control = fields[index];
    if (control !== undefined) fillOne(control, [value], field);
  }
}

function takesSeveral(control: FormControl): boolean {
  return (control.type === 'select' || control.type === 'file') && isMultiple(control);
}

function fillOne(control: FormControl, values: readonly unknown[], field: Field): void {
  if (control.type === 'select') chooseOptions(control, values, field);
  else if (control.type === 'file') attach(control, values, field);
  else control.value = typedValue(control, values, field);
}

function typedValue({ element }: FormControl, values: readonly unknown[], field: Field): string {
  const [value] = values;
  if (typeof value !== 'string' && typeof value !== 'number') throw refused(field, values, 'a text');
  const text = String(value);
  return element.name === 'textarea' ? text.replace(/\r\n?/g, '\n') : sanitizedValue(element, text);
}

function attach(control: FormControl, values: readonly unknown[], field: Field): void {
  const files = values.filter((value) => value instanceof File);
  if (files.length < values.length) throw refused(field, values, 'a File, since the field is a file input');
  control.files = files;
}

function chooseOptions(control: FormControl, values: readonly unknown[], field: Field): void {
  const chosen = values.map((value) => {
    const option = control.options.find((each) => each.value === String(value) && !each.isDisabled);
    if (option === undefined) throw refused(field, values, `one of ${listOfOptions(control.options)}`);
    return option;
  });
  if (isMultiple(control)) for (const option of control.options) option.isSelected = false;
  for (const option of chosen) select(control, option);
}

function listOfOptions(options: readonly OptionState[]): string {
  return options
    .filter(({ isDisabled }) => !isDisabled)
    .map(({ value }) => JSON.stringify(value))
    .join(', ');
}

/** Values say which boxes are checked: all others of the name are not. `true` and `false` stand for a box that is alone. */
function fillChoices(choices: readonly FormControl[], values: readonly unknown[], field: Field): void {
  const [only] = choices;
  const [first] = values;
  if (only !== undefined && choices.length === 1 && values.length === 1 && typeof first === 'boolean') {
    if (first) check(only, field.controls);
    else only.isChecked = false;
    return;
  }
  const chosen = values.map((value) => {
    const choice = choices.find((each) => each.value === String(value));
    if (choice === undefined || typeof value === 'boolean')
      throw refused(field, values, expectedChoices(choices));
    return choice;
  });
  for (const choice of choices) choice.isChecked = false;
  for (const choice of chosen) check(choice, field.controls);
}

function expectedChoices(choices: readonly FormControl[]): string {
  const list = choices.map(({ value }) => JSON.stringify(value)).join(', ');
  return choices.length === 1 ? `true, false or ${list}` : `of ${list}`;
}

function refused({ name }: Field, values: readonly unknown[], expected: string): Problem {
  const shown = values.map((value) => (value instanceof File ? `File ${value.name}` : JSON.stringify(value)));
  return new Problem('visit-value-refused', { params: { name, value: shown.join(', '), expected } });
}
