// A form that a session keeps until its page is shown again (docs/forms.md, *Behind a redirect*): the typed texts and the messages,
// never uploads or secrets. session/ keeps it, runtime/ makes and shows it.

/** The texts and messages of a form. */
export interface KeptFields {
  /** The texts by the names of the fields; `name[]` may have several. */
  readonly fields: readonly (readonly [name: string, texts: readonly string[]])[];
  /** The messages by the paths of the fields. */
  readonly errors: readonly (readonly [path: string, message: string])[];
}

/** A form as a session has it. */
export interface KeptForm extends KeptFields {
  /** Until when it is kept, in ms since 1970. */
  readonly until: number;
}

/** The fields of a record such as QUERY, without secrets. */
export function keptFields(
  values: Readonly<Record<string, unknown>>,
  errors: Readonly<Record<string, string | undefined>>,
  isSecret: (name: string) => boolean,
): KeptFields {
  const fields = Object.entries(values)
    .filter(([name]) => !isSecret(name))
    .map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)] as const);
  const messages = Object.entries(errors).flatMap(([path, message]) =>
    message === undefined ? [] : [[path, message] as const],
  );
  return { fields, errors: messages };
}

/** The size of a kept form in bytes. */
export function keptSize({ fields, errors }: KeptFields): number {
  return Buffer.byteLength(JSON.stringify([fields, errors]));
}

/**
 * The page that a form is kept for, by its URL. A page has several URLs (`/edit`, `/edit.pih`, `/edit/`), but with another query it
 * shows something else.
 */
export function formPlace({ pathname, search }: URL): string {
  const path = withoutEnd(withoutEnd(withoutEnd(pathname, '/'), '.pih'), '/index');
  return `${path === '' ? '/' : path}${search}`;
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

/** The kept form in parsed JSON; undefined for anything else. */
export function keptFormIn(json: unknown): KeptForm | undefined {
  if (typeof json !== 'object' || json === null || !('until' in json && 'fields' in json && 'errors' in json))
    return undefined;
  const { until, fields, errors } = json;
  if (typeof until !== 'number' || !isListOf(fields, isField) || !isListOf(errors, isMessage))
    return undefined;
  return { until, fields, errors };
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}

function isField(value: unknown): value is readonly [string, readonly string[]] {
  return Array.isArray(value) && value.length === 2 && isText(value[0]) && isListOf(value[1], isText);
}

function isMessage(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
