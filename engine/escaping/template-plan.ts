// Contexts inside `html` templates: the same state machine runs over the static parts, so that each value is escaped
// for its context in the template.

import { Problem } from '../diagnostics/problem.ts';
import { describeContext, TEXT } from './context.ts';
import { type EscaperName, escaperFor } from './escaper-for.ts';
import { afterOutput, afterText, atOutput, beforeOutput, mayEndHere } from './transition.ts';

/** The static texts and the escapers of a template. */
export interface TemplatePlan {
  /** One more text than there are values. */
  readonly texts: readonly string[];
  readonly escapers: readonly EscaperName[];
}

/** Plans by the array of static parts, which is the same object at each evaluation of a template. */
const plans = new WeakMap<readonly string[], TemplatePlan>();

/**
 * The plan of a template with these static parts.
 * @param check throws for an array that is not the static parts of a template; called once for each array, because
 * frozen arrays do not change
 * @throws Problem for a value in a context without an escaper, and for a template that does not end in element text
 */
export function templateEscapers(
  strings: readonly string[],
  check?: (strings: unknown) => void,
): TemplatePlan {
  const known = plans.get(strings);
  if (known !== undefined) return known;
  check?.(strings);
  const plan = planned(strings);
  plans.set(strings, plan);
  return plan;
}

function planned(strings: readonly string[]): TemplatePlan {
  const texts: string[] = [];
  const escapers: EscaperName[] = [];
  let context = TEXT;
  for (const [index, text] of strings.entries()) {
    const { context: after, problem, printed } = afterText(context, text);
    if (problem !== undefined) throw new Problem(problem.code, { params: { place: describeContext(after) } });
    const last = index === strings.length - 1;
    texts.push(printed + (last ? '' : beforeOutput(after)));
    context = last ? after : afterOutput(after);
    if (!last) escapers.push(escaperAt(atOutput(after), strings[index + 1]));
  }
  if (!mayEndHere(context)) {
    throw new Problem('template-unfinished', { params: { place: describeContext(context) } });
  }
  return { texts, escapers };
}

function escaperAt(context: typeof TEXT, behind: string | undefined): EscaperName {
  const escaper = escaperFor(context, behind);
  if (typeof escaper === 'string') return escaper;
  throw new Problem(escaper.refused, { params: { place: describeContext(context) } });
}
