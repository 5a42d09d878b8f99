// The names in query strings that a page writes out in its code, or in the text of a text page: links of mails, and addresses that
// the page hands to other code.

import type { OutlinedPage } from './outlined-source.ts';

/** The names, without the targets that they are sent to. */
export function queryNames({ facts, texts, survey }: OutlinedPage): ReadonlySet<string> {
  const written = facts.kind === 'text' ? [...texts.values()].map(({ value }) => value) : [];
  for (const { node } of survey.nodes) {
    if (node.type === 'Literal' && typeof node.value === 'string') written.push(node.value);
    else if (node.type === 'TemplateElement') written.push(node.value.cooked ?? '');
  }
  return new Set(written.flatMap(namesIn));
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/[?&]([^\s?&=#"'<>]+)=/g)].map(([, name = '']) => name);
}
