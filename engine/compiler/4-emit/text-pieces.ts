// A text with the additions of the escaping, split at the offsets to which an exception behind it would roll back.

import { TEXT } from '../../escaping/context.ts';
import { afterText, textFor } from '../../escaping/transition.ts';
import type { TextSegment } from '../1-scan/segments.ts';
import type { RollbackGuard, TextNote } from '../3-analyse/flow/flow-notes.ts';
import { lastTextIndex } from '../3-analyse/flow/flow-problems.ts';
import { contextKey } from '../3-analyse/flow/flow-state.ts';
import type { FlowCode } from './flow-code.ts';
import { formCuts, type TextCut } from './form-code.ts';

/** Text to print, or code that runs between two texts. */
export type TextPiece = { readonly text: string } | { readonly code: string };

/** @param note undefined for an unreachable text */
export function textPieces(segment: TextSegment, note: TextNote | undefined, code: FlowCode): TextPiece[] {
  const { value } = segment;
  const found = note === undefined ? [] : cuts(segment, note, code);
  if (note === undefined || found.length === 0) return [{ text: note?.printed ?? value }];
  const pieces: TextPiece[] = [];
  let done = 0;
  let { context } = note;
  for (const cut of found) {
    const part = afterText(context, value.slice(done, cut.index));
    if (part.printed !== '') pieces.push({ text: part.printed });
    pieces.push({ code: cut.code });
    context = part.context;
    done = cut.index;
  }
  const rest = textFor(context, value.slice(done));
  return rest === '' ? pieces : [...pieces, { text: rest }];
}

function cuts(segment: TextSegment, note: TextNote, code: FlowCode): TextCut[] {
  const forms = formCuts(code.forms.get(segment) ?? [], code.names);
  const guards = note.guards.filter((guard) => guard.leavesEntry);
  if (guards.length === 0) return forms;
  const marks = guards.flatMap((guard) => cutsFor(guard, segment.value, note, code));
  // A token belongs to the tag before it, so it is printed before the output is marked.
  return [...forms, ...marks].sort((a, b) => a.index - b.index);
}

/** The marks at the point where the text leaves the guard's entry context for the last time, or enters it again. */
function cutsFor(
  guard: RollbackGuard,
  value: string,
  { context, after }: TextNote,
  code: FlowCode,
): TextCut[] {
  const from = contextKey(context);
  if (contextKey(after) === guard.entry)
    return from === guard.entry ? [] : [{ index: value.length, code: `${code.mark(guard)}=-1` }];
  if (guard.entry === TEXT) {
    const index = lastTextIndex(context, value);
    return index === -1 ? [] : [{ index, code: code.setMark(guard) }];
  }
  const mark = code.mark(guard);
  const set = code.setMark(guard);
  return [{ index: 0, code: from === guard.entry ? set : `${mark}<0&&(${set})` }];
}
