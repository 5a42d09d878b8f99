// The names of fields.

/** The name of a field whose list is sent under `name[]`. */
export function withoutBrackets(name: string): string {
  return name.replace(/\[\]$/, '');
}
