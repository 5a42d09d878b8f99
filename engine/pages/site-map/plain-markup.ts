// Tells documents in which a browser repairs nothing by their tags alone, so that parse5 makes trees of the others only. The rules are
// narrower than HTML: each element is closed by its end tag, and stands where the parser (HTML, 13.2.6) moves, closes and ignores nothing.

import type { DocumentTag, SampleDocument } from '../../compiler/outline/sample-document.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Elements without an end tag. */
const VOID = words('area base br embed hr img input link meta source track wbr');
/** Elements whose start tag ends an open paragraph. */
const BLOCKS = words(
  'address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre search section summary table ul',
);
/** Elements that the parser closes, ignores or opens again where they stand in themselves or are not closed. */
const ONCE = words('a b big button code em font form i s small strike strong tt u');
const OTHERS = words(
  'abbr audio bdi bdo canvas cite data datalist del dfn ins kbd label legend map mark meter output picture progress q samp script select span style sub sup textarea time title var video',
);
const ANYWHERE: ReadonlySet<string> = new Set([...VOID, ...BLOCKS, ...ONCE, ...OTHERS]);
/** Elements that stand in some elements only; '' stands for the document. */
const PARENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['html', words('')],
  ['head', words('html')],
  ['body', words('html')],
  ['caption', words('table')],
  ['thead', words('table')],
  ['tbody', words('table')],
  ['tfoot', words('table')],
  ['tr', words('table thead tbody tfoot')],
  ['td', words('tr')],
  ['th', words('tr')],
  ['li', words('ol ul')],
  ['dd', words('dl')],
  ['dt', words('dl')],
  ['optgroup', words('select')],
  ['option', words('select optgroup datalist')],
]);
/** Elements that have some children only. */
const CHILDREN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['html', words('head body')],
  ['head', words('base link meta script style title')],
  ['table', words('caption thead tbody tfoot tr')],
  ['thead', words('tr')],
  ['tbody', words('tr')],
  ['tfoot', words('tr')],
  ['tr', words('td th')],
  ['select', words('optgroup option')],
  ['optgroup', words('option')],
  ['option', words('')],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(
    (name) => [name, new Set([...ONCE, ...OTHERS, 'br', 'img'])] as const,
  ),
]);

/** Whether a browser certainly repairs nothing in a document. */
export function isPlainMarkup({ html, tags, hasErrors }: SampleDocument, isWhole: boolean): boolean {
  if (hasErrors || (isWhole && !isPlainFrame(html, tags))) return false;
  const open: string[] = [];
  for (const tag of tags) {
    if (tag.kind === 'end') {
      if (open.pop() !== tag.name) return false;
    } else if (!mayStandIn(tag, open)) return false;
    else if (!VOID.has(tag.name)) open.push(tag.name);
  }
  return open.length === 0;
}

/** Whether a document has one html, head and body, and no text that would open or close them. */
function isPlainFrame(html: string, tags: readonly DocumentTag[]): boolean {
  const frame = tags.filter(({ name }) => FRAME.has(name));
  if (frame.map(({ kind, name }) => `${kind} ${name}`).join() !== FRAME_TAGS) return false;
  const [first, , headEnd, body] = frame;
  if (first === undefined || headEnd === undefined || body === undefined || first !== tags[0]) return false;
  if (!/^(?:<!doctype html>)?$/i.test(html.slice(0, first.start).trim())) return false;
  const before = tags.slice(0, tags.indexOf(body) + 1);
  return before.every(({ start }, index) => {
    const last = before[index - 1];
    return last === undefined || hasOwnText(last) || html.slice(last.end, start).trim() === '';
  });
}

const FRAME = words('html head body');
const FRAME_TAGS = 'start html,start head,end head,start body,end body,end html';

/** Elements of the head whose text is no text of the head. */
function hasOwnText({ kind, name }: DocumentTag): boolean {
  return kind === 'start' && (name === 'title' || name === 'style' || name === 'script');
}

function mayStandIn({ name, isSelfClosing }: DocumentTag, open: readonly string[]): boolean {
  const parent = open.at(-1) ?? '';
  if (isSelfClosing && !VOID.has(name)) return false;
  if (!(PARENTS.get(name)?.has(parent) ?? ANYWHERE.has(name))) return false;
  if (CHILDREN.get(parent)?.has(name) === false) return false;
  return !(BLOCKS.has(name) && open.includes('p')) && !(ONCE.has(name) && open.includes(name));
}
