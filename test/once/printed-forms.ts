// The forms that a page has printed, as a browser has them, and how it sends them.

import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

/** A form of a page. */
export interface PrintedForm {
  readonly action: string;
  readonly method: string;
  /** Names and values of its inputs, the token included. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The token; undefined without one. */
  readonly token: string | undefined;
}

/** The name of the hidden field. */
export const TOKEN_FIELD = 'karrigell.once';

export function printedForms(html: string): PrintedForm[] {
  return elementsIn(parse(html), 'form').map((form) => {
    const fields = elementsIn(form, 'input').map((input): [string, string] => [
      attribute(input, 'name'),
      attribute(input, 'value'),
    ]);
    const token = fields.find(([name]) => name === TOKEN_FIELD)?.[1];
    return { action: attribute(form, 'action'), method: attribute(form, 'method'), fields, token };
  });
}

/** The request that sends a form, with other values for some of its fields. */
export function sent(form: PrintedForm, others: Readonly<Record<string, string>> = {}): RequestInit {
  const body = new URLSearchParams();
  for (const [name, value] of form.fields) body.append(name, others[name] ?? value);
  for (const [name, value] of Object.entries(others)) if (!body.has(name)) body.append(name, value);
  return { method: 'POST', body };
}

function elementsIn(node: Tree.Node, name: string): Tree.Element[] {
  const children = 'childNodes' in node ? node.childNodes : [];
  const below = children.flatMap((child) => elementsIn(child, name));
  return 'tagName' in node && node.tagName === name ? [node, ...below] : below;
}

function attribute({ attrs }: Tree.Element, name: string): string {
  return attrs.find((attr) => attr.name === name)?.value ?? '';
}
