// The repairs that a browser makes in HTML that a page has printed, in the words of `check`: the errors that parse5 reports while it
// parses, and the differences between the tags and its tree.

import { parse, parseFragment } from 'parse5';
import { outlinedPage, outlineInput } from '../../engine/compiler/outline/outlined-source.ts';
import { sampleDocument } from '../../engine/compiler/outline/sample-document.ts';
import { parsePage } from '../../engine/compiler/parsed-page.ts';
import { repairsOf } from '../../engine/pages/site-map/document-repairs.ts';
import { namesOfTokenErrors } from '../../engine/pages/site-map/token-errors.ts';

const PAGE = outlinedPage(outlineInput(parsePage('', 'printed.pih')));

/** Errors of parse5 that say nothing of a page: a part has no doctype, and a test of a part need not have one. */
const OF_PARTS: ReadonlySet<string> = new Set(['missing-doctype']);

/** Errors of parse5 that `treeRepairs` tells with the element. */
const OF_TREE: ReadonlySet<string> = new Set(['abandoned-head-element-child']);

/** The errors that parse5 reports, sorted, each once. Errors that `check` does not know have the names of parse5. */
export function parserErrors(html: string): string[] {
  const found = new Set<string>();
  const onParseError = ({ code }: { readonly code: string }) => {
    const reason = namesOfTokenErrors.get(code);
    if (reason !== undefined) found.add(`markup-syntax: ${reason}`);
    else if (code === 'duplicate-attribute') found.add('attribute-twice');
    else if (!OF_PARTS.has(code) && !OF_TREE.has(code)) found.add(code);
  };
  const isWhole = /<(?:!doctype|html|head|body)\b/i.test(html);
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false, onParseError };
  if (isWhole) parse(html, options);
  else parseFragment(html, options);
  return [...found].sort();
}

/** The differences between the tags of the HTML and parse5's tree of it, sorted, each once: `markup-unclosed: div`. */
export function treeRepairs(html: string): string[] {
  const repairs = repairsOf(sampleDocument([{ kind: 'text', text: html, page: PAGE, start: 0, shifts: [] }]));
  const ofTree = repairs.filter(({ code }) => code !== 'markup-syntax' && code !== 'attribute-twice');
  return [...new Set(ofTree.map(({ code, subject }) => `${code}: ${subject}`))].sort();
}
