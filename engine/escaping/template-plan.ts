// `html` templates: the same machine over the literal's static parts, so that a value is escaped for its place in them.

import { Problem } from '../diagnostics/problem.ts';
import { describeContext, TEXT } from './context.ts';
import { type EscaperName, escaperFor } from './escaper-for.ts';
import { afterOutput, afterText, atOutput, beforeOutput, mayEndHere } from './transition.ts';

/** What is printed between the values of a template, and how each is escaped. */
export interface TemplatePlan {
  /** One more than there are values. */
  readonly texts: readonly string[];
  readonly escapers: readonly EscaperName[];
}

/** Plans never change, and a tagged template always passes the same array. */
const plans = new WeakMap<readonly string[], TemplatePlan>();

/**
 * How the values of a template with these static parts are printed. `check` throws for parts that are none; it is asked
 * once for each array, as frozen ones never change.
 * @throws Problem when a value has no safe place, or the template ends anywhere but in element text
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
