// The structure that a browser reads from HTML, without the values: elements, names of attributes, and the tokens of
// scripts and styles.

import { type Options, tokenizer } from 'acorn';
import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
export type Element = DefaultTreeAdapterTypes.Element;
export type Attribute = Element['attrs'][number];

/** Parses HTML as a browser does with scripts switched on or off. */
export function parsed(html: string, scriptingEnabled: boolean): DefaultTreeAdapterTypes.Document {
  return parse<DefaultTreeAdapterMap>(`<!doctype html><body>${html}`, { scriptingEnabled });
}

/** Every element in the order of the document. */
export function elements(node: Node): Element[] {
  const own = 'tagName' in node ? [node] : [];
  const inner = 'content' in node ? [node.content] : 'childNodes' in node ? node.childNodes : [];
  return [...own, ...inner.flatMap(elements)];
}

/** The tree as nested names, which no value may change. */
export function shape(node: Node): string {
  if (node.nodeName === '#text') return '';
  if (node.nodeName === '#comment') return '<!---->';
  const names = 'attrs' in node ? node.attrs.map((attribute) => attribute.name).join(' ') : '';
  const children = 'content' in node ? [node.content] : 'childNodes' in node ? node.childNodes : [];
  return `<${node.nodeName} ${names}>${children.map(shape).join('')}</>`;
}

/** The text of an element and of its descendants. */
export function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

const OPTIONS: Options = { ecmaVersion: 'latest', allowHashBang: true };

/** The kinds of a script's tokens, without the texts of names, strings and numbers. */
export function scriptTokens(code: string): string {
  const kinds: string[] = [];
  try {
    for (const token of tokenizer(code, OPTIONS)) kinds.push(token.type.label);
  } catch (error) {
    kinds.push(`error: ${String(error).replace(/\(.*/, '')}`);
  }
  return kinds.join(' ');
}

const CSS_ESCAPE = String.raw`\\(?:[\da-f]{1,6}[ \t\n\r\f]?|[\s\S])`;
const CSS_TOKEN = new RegExp(
  [
    String.raw`(?<comment>\/\*[\s\S]*?\*\/)`,
    String.raw`(?<string>"(?:[^"\\\n]|${CSS_ESCAPE})*"|'(?:[^'\\\n]|${CSS_ESCAPE})*')`,
    String.raw`(?<url>url\([ \t\n\r\f]*(?:[^)"'\\ \t\n\r\f(]|${CSS_ESCAPE})*[ \t\n\r\f]*\))`,
    String.raw`(?<words>[\w#%.,+-]+|[ \t]+)`,
    String.raw`[\s\S]`,
  ].join('|'),
  'gi',
);

/** The tokens of a style: comments, strings, url() without quotes, and all other characters but those of words. */
export function styleTokens(style: string): string {
  const tokens = [...style.matchAll(CSS_TOKEN)].map(({ 0: token, groups = {} }) => {
    const kind = ['comment', 'string', 'url'].find((name) => groups[name] !== undefined);
    return kind ?? (groups.words === undefined ? token : '');
  });
  return tokens.filter((token) => token !== '').join(' ');
}
