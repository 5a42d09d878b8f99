// The text of a page as a reader sees it: hidden elements are left out, white space is one blank, a block ends a line.

import { type ChildNode, type Document, type Element, isTag, isText } from 'domhandler';
import { trimAsciiWhitespace } from './ascii-whitespace.ts';

const HIDDEN: ReadonlySet<string> = new Set([
  'head',
  'script',
  'style',
  'template',
  'noscript',
  'datalist',
  'input',
  'select',
  'textarea',
]);

/** Elements that stand on lines of their own in the style sheet of HTML, 15.3. */
const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol option p plaintext pre search section ' +
    'summary table tbody tfoot thead tr ul xmp'
  ).split(' '),
);

/** The text that a browser shows of a node. */
export function visibleText(node: ChildNode | Document): string {
  const lines = rawText(node, false).split('\n').map(trimAsciiWhitespace);
  return lines.filter((line) => line !== '').join('\n');
}

function rawText(node: ChildNode | Document, isPre: boolean): string {
  if (isText(node)) return isPre ? node.data : node.data.replace(/[\t\n\f\r ]+/g, ' ');
  if (isTag(node)) return textOfElement(node, isPre);
  return 'children' in node ? node.children.map((child) => rawText(child, isPre)).join('') : '';
}

function textOfElement(element: Element, isPre: boolean): string {
  const { name, attribs, children } = element;
  if (HIDDEN.has(name) || attribs.hidden !== undefined) return '';
  if (name === 'br') return '\n';
  const text = children.map((child) => rawText(child, isPre || name === 'pre')).join('');
  if (BLOCKS.has(name)) return `\n${text}\n`;
  return name === 'td' || name === 'th' ? `${text} ` : text;
}
