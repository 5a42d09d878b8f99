// The fields and uploads of a request that were over a limit, for a page with Form, which shows the limit beside the field
// (docs/forms.md). Any other page is not run: the request is answered with 413.

import type { RefusedField } from '../runtime/page-types.ts';

/** The limits that are messages of a field. */
type Limit = 'field_size' | 'upload' | 'files';

const MESSAGES: Readonly<Record<Limit, (limit: number) => string>> = {
  field_size: (limit) => `This text is too long: at most ${sizeText(limit)}`,
  upload: (limit) => `This upload is too large: at most ${sizeText(limit)} in one form`,
  files: (limit) => `Too many files: at most ${limit} in one form`,
};

/** The refused fields by their names; the first reason of each counts. */
export class RefusedFields {
  readonly byName = new Map<string, RefusedField>();

  /** @param value the typed text, to be shown again */
  add(name: string, limit: Limit, most: number, value?: string): void {
    if (!this.byName.has(name)) this.byName.set(name, { message: MESSAGES[limit](most), value });
  }
}

const UNITS = ['bytes', 'kB', 'MB', 'GB'];

/** A size for visitors; a unit has 1024 of the one before, as in the configuration. */
function sizeText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < UNITS.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${Math.floor(size * 10) / 10} ${UNITS[unit]}`;
}
