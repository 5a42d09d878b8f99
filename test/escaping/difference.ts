// The changes that a value makes in a template: elements and attributes, tokens of scripts and styles, schemes of URLs,
// read with scripts switched on and off.

import { withValue } from './rendered.ts';
import {
  type Attribute,
  type Element,
  elements,
  parsed,
  scriptTokens,
  shape,
  styleTokens,
  textOf,
} from './structure.ts';

const HARMLESS_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:']);
const URL_ATTRIBUTE = /^(?:href|src|action|formaction|poster|xlink:href)$/;

/** All parts of a document that must not depend on a value. */
function structure(html: string): string[] {
  return [true, false].flatMap((scripting) => {
    const document = parsed(html, scripting);
    return [shape(document), ...elements(document).flatMap(innerStructure)];
  });
}

function innerStructure(element: Element): string[] {
  const inner = element.attrs.map(({ name, value }) => {
    if (name.startsWith('on')) return scriptTokens(value);
    return name === 'style' ? styleTokens(value) : '';
  });
  if (element.tagName === 'style') inner.push(styleTokens(textOf(element)));
  if (element.tagName === 'script') inner.push(scriptStructure(element));
  return inner;
}

function scriptStructure(element: Element): string {
  const type = element.attrs.find(({ name }) => name === 'type')?.value ?? '';
  if (/json|importmap/.test(type)) return jsonStructure(JSON.parse(textOf(element)));
  return type === 'text/template' ? shape(parsed(textOf(element), true)) : scriptTokens(textOf(element));
}

function jsonStructure(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${jsonStructure(item)}`)}}`;
}

/** Every URL that a browser would follow or load. */
function urls(html: string): string[] {
  return elements(parsed(html, true)).flatMap((element) =>
    element.attrs.flatMap((attribute) => urlsOf(element, attribute)),
  );
}

function urlsOf(element: Element, { name, value, prefix }: Attribute): string[] {
  if (name === 'srcset')
    return value.split(/,[\t\n\f\r ]+|,$/).map((candidate) => candidate.split(/[\t\n\f\r ]/)[0] ?? '');
  if (name === 'content' && element.attrs.some((other) => other.value === 'refresh')) {
    return [value.replace(/^\s*\d*\s*[;,]?\s*(?:url\s*=\s*["']?)?/i, '')];
  }
  if (name === 'style') return [...value.matchAll(/url\(\s*["']?([^)"']*)/g)].map((match) => match[1] ?? '');
  if (element.tagName === 'object' && name === 'data') return [value];
  return URL_ATTRIBUTE.test(prefix === undefined ? name : `${prefix}:${name}`) ? [value] : [];
}

function hasHarmlessScheme(url: string, template: string): boolean {
  const base = 'https://site.example/dir/';
  if (!URL.canParse(url, base)) return true;
  const { protocol } = new URL(url, base);
  if (protocol === 'data:')
    return template.includes('data:image/png;base64,') && /^data:image\/png;base64,/.test(url);
  // `javaV` with letters may become a scheme that no browser knows. Only a scheme that runs scripts is an error.
  return (
    HARMLESS_SCHEMES.has(protocol) ||
    !/^(?:javascript|vbscript|data|blob|file|filesystem|view-source|feed|about):$/.test(protocol)
  );
}

/** undefined if the value changes nothing; else the difference. */
export function difference(template: string, value: string): string | undefined {
  const html = withValue(template, value);
  const expected = structure(withValue(template, 'x'));
  const actual = structure(html);
  const at = expected.findIndex((part, index) => part !== actual[index]);
  if (at !== -1 || actual.length !== expected.length) return `${html}\n${expected[at]}\n${actual[at]}`;
  const bad = urls(html).find((url) => !hasHarmlessScheme(url, template));
  return bad === undefined ? undefined : `${html}: ${bad}`;
}
