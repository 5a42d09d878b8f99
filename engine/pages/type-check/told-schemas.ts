// Reads the fields of schemas in the errors that runtime/schema-fields.ts makes tsc report.

/** A field of a schema that a page gives to Form. */
export interface SchemaField {
  readonly name: string;
  readonly isList: boolean;
  /** Whether the schema refuses a form without the field. */
  readonly isRequired: boolean;
  readonly kind: string;
}

/** The fields of the schema of a call of Form, by the page and the offset of the call; undefined if they are not known. */
export type SchemaOfCall = (file: string, start: number) => readonly SchemaField[] | undefined;

/** An error that tells fields. */
export interface ToldError {
  readonly page: string;
  readonly text: string;
}

const MARK = '"karrigell-field:';

/** The schemas that errors tell. */
export function toldSchemas(errors: readonly ToldError[]): SchemaOfCall {
  const fields = new Map<string, SchemaField[]>();
  const open = new Set<string>();
  for (const { page, text } of errors)
    for (const told of text.split(MARK).slice(1).map(quotedText)) {
      const colon = told.indexOf(':');
      const key = `${page}:${told.slice(0, colon)}`;
      const field = fieldIn(told.slice(colon + 1));
      if (field === undefined) open.add(key);
      else fields.set(key, [...(fields.get(key) ?? []), field]);
    }
  return (file, start) => (open.has(`${file}:${start}`) ? undefined : fields.get(`${file}:${start}`));
}

/** The text up to the quote that ends it. */
function quotedText(text: string): string {
  let end = 0;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return unquoted(text.slice(0, end));
}

/** A field; undefined for `*`, which stands for any fields. */
function fieldIn(told: string): SchemaField | undefined {
  const parts = told.split(':');
  const presence = parts.pop();
  const kind = parts.pop();
  if (kind === undefined) return undefined;
  const isList = kind === 'list';
  // A checkbox that is not checked is false, and a list of which nothing is chosen is empty.
  const isRequired = presence === 'required' && !isList && kind !== 'boolean' && kind !== 'other';
  return { name: parts.join(':'), isList, isRequired, kind };
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
