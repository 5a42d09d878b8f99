// The code that prints a token behind the start tag of a form, where a page with Once may get the form. Whether it does is decided by
// the tag as it was printed: a tag that goes on behind code is read back from the output.

import type { FormMark } from '../3-analyse/form-tags.ts';
import type { FlowCode } from './flow-code.ts';
import type { InternalNames } from './internal-names.ts';
import { textLiteral } from './text-literal.ts';

/** Code that runs before the character at an index of a text. */
export interface TextCut {
  readonly index: number;
  readonly code: string;
}

export function formCuts(marks: readonly FormMark[], names: InternalNames): TextCut[] {
  return marks.map((mark) => ({ index: mark.index, code: codeOf(mark, names) }));
}

function codeOf(mark: FormMark, names: InternalNames): string {
  const { out, printsTokens, formStart } = names;
  const token = (tag: string) => `${printsTokens}&&(${out}+=${names.inScope('formToken')}(${tag}))`;
  switch (mark.kind) {
    case 'tag':
      return token(textLiteral(mark.tag));
    case 'begin':
      return `${formStart}=${out}.length`;
    case 'end':
      return token(`${out}.slice(${formStart})`);
  }
}

/** The declarations of one run of a page that has such forms. */
export function formBindings({ forms, names }: FlowCode): string {
  if (forms.size === 0) return '';
  return `const ${names.printsTokens}=${names.inScope('printsTokens')};let ${names.formStart}=0;`;
}
