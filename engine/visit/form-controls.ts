// The controls of a form with the state that a browser gives them when it shows the page: values, checkedness, selectedness,
// disabledness. Filling in changes this state; the document stays as it was sent.

import { type Element, isTag } from 'domhandler';
import { formOwnerOf, listedElementsOf } from './form-owner.ts';
import { ancestorsOf, elementsBelow, type HtmlDocument, textOfNode } from './html-document.ts';
import { inputTypeOf, sanitizedValue } from './input-value.ts';

/** An `<option>` with its state. */
export interface OptionState {
  readonly value: string;
  readonly label: string;
  readonly isDisabled: boolean;
  isSelected: boolean;
}

/** A control with its state. */
export interface FormControl {
  readonly element: Element;
  /** The state of `type` of an input or button; else the element's name: `select`, `textarea`. */
  readonly type: string;
  readonly name: string;
  readonly isDisabled: boolean;
  value: string;
  isChecked: boolean;
  readonly options: readonly OptionState[];
  files: readonly File[];
}

/** Buttons that submit a form when they are clicked. */
const SUBMITTING: ReadonlySet<string> = new Set(['submit', 'image']);

/** Elements of a form that have a value. */
const CONTROLS: ReadonlySet<string> = new Set(['button', 'input', 'select', 'textarea']);

/** The controls of a form in tree order. */
export function controlsOf(form: Element, document: HtmlDocument): FormControl[] {
  const controls = listedElementsOf(form, document)
    .filter(({ name }) => CONTROLS.has(name))
    .map(controlOf);
  // Of the radio buttons of a group that are marked as checked, the last one is.
  for (const control of controls.toReversed()) if (control.isChecked) uncheckOthers(control, controls);
  return controls;
}

/** The control of an element, with its state; undefined for other elements. */
export function controlAt(element: Element, document: HtmlDocument): FormControl | undefined {
  if (!CONTROLS.has(element.name)) return undefined;
  const form = formOwnerOf(element, document);
  if (form === undefined) return controlOf(element);
  return controlsOf(form, document).find((control) => control.element === element);
}

/** Whether a control submits its form when it is clicked. */
export function isSubmitButton({ element, type }: FormControl): boolean {
  return SUBMITTING.has(type) && (element.name === 'button' || element.name === 'input');
}

/** Checks a control. Of a radio group only one button is checked. */
export function check(control: FormControl, controls: readonly FormControl[]): void {
  control.isChecked = true;
  uncheckOthers(control, controls);
}

/** Selects an option. Without `multiple` the others are no longer selected. */
export function select(control: FormControl, chosen: OptionState): void {
  if (!isMultiple(control)) for (const option of control.options) option.isSelected = false;
  chosen.isSelected = true;
}

/** Whether a select or a file input takes several values. */
export function isMultiple({ element }: FormControl): boolean {
  return element.attribs.multiple !== undefined;
}

function controlOf(element: Element): FormControl {
  const type = typeOf(element);
  return {
    element,
    type,
    name: element.attribs.name ?? '',
    isDisabled: isDisabled(element),
    value: initialValue(element, type),
    isChecked: (type === 'checkbox' || type === 'radio') && element.attribs.checked !== undefined,
    options: element.name === 'select' ? optionsOf(element) : [],
    files: [],
  };
}

function typeOf(element: Element): string {
  if (element.name === 'input') return inputTypeOf(element);
  if (element.name !== 'button') return element.name;
  const type = element.attribs.type?.toLowerCase() ?? '';
  return type === 'reset' || type === 'button' ? type : 'submit';
}

function initialValue(element: Element, type: string): string {
  const { value } = element.attribs;
  if (element.name === 'textarea') return textOfNode(element).replace(/\r\n?/g, '\n');
  if (element.name !== 'input') return value ?? '';
  if (type === 'checkbox' || type === 'radio') return value ?? 'on';
  // Chromium's label of a button without one.
  if (type === 'submit') return value ?? 'Submit';
  return type === 'file' ? '' : sanitizedValue(element, value ?? '');
}

function uncheckOthers(control: FormControl, controls: readonly FormControl[]): void {
  if (control.type !== 'radio' || control.name === '') return;
  for (const other of controls) {
    if (other !== control && other.type === 'radio' && other.name === control.name) other.isChecked = false;
  }
}

/** A disabled fieldset disables what is in it, but for its first legend (HTML, 4.10.19.5). */
function isDisabled(element: Element): boolean {
  if (element.attribs.disabled !== undefined) return true;
  const ancestors = [...ancestorsOf(element)];
  return ancestors.some((ancestor) => {
    if (ancestor.name !== 'fieldset' || ancestor.attribs.disabled === undefined) return false;
    const legend = ancestor.children.find((child) => isTag(child) && child.name === 'legend');
    return !ancestors.some((between) => between === legend);
  });
}

/** A drop-down list without a selected option shows its first one that is enabled (HTML, 4.10.7, "ask for a reset"). */
function optionsOf(select: Element): OptionState[] {
  const options = [...elementsBelow(select)].filter(({ name }) => name === 'option').map(optionOf);
  if (select.attribs.multiple !== undefined) return options;
  const last = options.findLast(({ isSelected }) => isSelected);
  for (const option of options) option.isSelected = option === last;
  const shownRows = Number.parseInt(select.attribs.size ?? '', 10) || 1;
  const first = options.find((option) => !option.isDisabled);
  if (last === undefined && shownRows === 1 && first !== undefined) first.isSelected = true;
  return options;
}

function optionOf(element: Element): OptionState {
  const { disabled, selected, value } = element.attribs;
  const text = textOfNode(element)
    .replace(/[\t\n\f\r ]+/g, ' ')
    .replace(/^ | $/g, '');
  const [parent] = ancestorsOf(element);
  const isGroupDisabled = parent?.name === 'optgroup' && parent.attribs.disabled !== undefined;
  return {
    value: value ?? text,
    label: element.attribs.label ?? text,
    isDisabled: disabled !== undefined || isGroupDisabled,
    isSelected: selected !== undefined,
  };
}
