// The names of fields that a page uses of the object of Form: `form.data.email`, `form.error('email')`.

import type { SurveyedNode } from '../3-analyse/survey.ts';
import { type Frame, frameOf } from './evaluate-expression.ts';
import { usesOfForms } from './form-variables.ts';
import type { OutlinedPage } from './outlined-source.ts';
import { callsOf, readNames, type WrittenName, writtenNames } from './page-reads.ts';

/** The members of the object that have a member for each field. */
const RECORDS: ReadonlySet<string> = new Set(['data', 'values', 'errors']);
/** The members that are called with the name of a field. */
const METHODS: ReadonlySet<string> = new Set(['attrs', 'error']);

/** The names in a page's own code, of all its forms. Objects that another page hands over are not followed. */
export function formNames(page: OutlinedPage, imported: Frame['imported']): WrittenName[] {
  const frame = frameOf(page, imported);
  return usesOfForms(callsOf('Form', page), page).flatMap((use) => namesOf(use, frame));
}

function namesOf(use: SurveyedNode, frame: Frame): readonly WrittenName[] {
  const [member] = readNames(use, frame) ?? [];
  if (member === undefined || use.parent === undefined) return [];
  if (RECORDS.has(member.name)) return readNames(use.parent, frame) ?? [];
  const call = use.parent.parent?.node;
  if (!METHODS.has(member.name) || call?.type !== 'CallExpression' || call.callee !== use.parent.node)
    return [];
  const [name] = call.arguments;
  return (name && writtenNames(name, frame)) ?? [];
}
