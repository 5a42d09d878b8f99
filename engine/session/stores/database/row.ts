// A row of the table as the store's contract sees it, and back.

import type { Found } from '../../store.ts';
import { withNul, withoutNul } from '../without-nul.ts';
import type { Row, Value } from './dialect.ts';
import { REMOVED_VERSION } from './statements.ts';

/** What stands in a row. */
export function foundIn(row: Row | undefined): Found<string> {
  if (row === undefined || Number(row.is_over) === 1) return { state: 'absent' };
  if (row.data === null) return { state: Number(row.version) === REMOVED_VERSION ? 'removed' : 'retired' };
  return { state: 'live', content: contentOf(row), deadline: deadlineOf(row) };
}

/** The content of a live row. */
export function contentOf({ data }: Row): string {
  return withNul(String(data));
}

/** The deadline of a row; drivers give large numbers as text. */
export function deadlineOf({ expires }: Row): number {
  return expires === null ? 0 : Number(expires);
}

/** A content as a column can hold it: PostgreSQL refuses U+0000. */
export function storable(content: string): string {
  return withoutNul(content);
}

/** A deadline as the column holds it: NULL is never. */
export function storableDeadline(deadline: number): Value {
  return deadline === 0 ? null : Math.round(deadline);
}
