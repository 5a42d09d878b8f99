// Three-way merge of one session as stores keep it, as text: for stores that cannot keep other processes from writing
// between a page's load and its save.

import { parsedRecord, serializedRecord } from '../format/serialized-record.ts';
import { emptyRecord, type SessionRecord } from '../format/session-record.ts';
import { applyChanges, baseOf } from './session-merge.ts';

/** A session's text, merged, and the attributes that both sides had changed. */
export interface MergedText {
  readonly text: string;
  readonly conflicts: readonly string[];
}

/**
 * Puts what this process changed since it loaded `base` into what another one has written meanwhile.
 * @param base undefined: there was nothing
 * @returns `mine` as it is where one of them cannot be read
 */
export function mergedRecordText(base: string | undefined, mine: string, theirs: string): MergedText {
  if (theirs === base || theirs === mine) return { text: mine, conflicts: [] };
  const records = [
    base === undefined ? emptyRecord(0) : parsedRecord(base),
    parsedRecord(mine),
    parsedRecord(theirs),
  ];
  const [was, my, their] = records;
  if (was === undefined || my === undefined || their === undefined) return { text: mine, conflicts: [] };
  return merged(was, my, their);
}

function merged(was: SessionRecord, mine: SessionRecord, theirs: SessionRecord): MergedText {
  const conflicts = applyChanges(baseOf(was, false), mine, theirs, false);
  theirs.cookie_sent = Math.max(theirs.cookie_sent, mine.cookie_sent);
  return { text: serializedRecord(theirs), conflicts };
}
