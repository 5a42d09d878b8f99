// Reads HTML as a browser does (parse5), and remembers which form the parser gave each control to: in broken markup, such as a
// form inside a table, that form is no ancestor of the control.

import { type ChildNode, type Document, Element, isTag, isText, type ParentNode } from 'domhandler';
import { parse, type TreeAdapter } from 'parse5';
import { adapter, type Htmlparser2TreeAdapterMap } from 'parse5-htmlparser2-tree-adapter';

/** A parsed page. */
export interface HtmlDocument {
  readonly root: Document;
  /** The form that the parser associated with a control (HTML, 13.2.6.1, "create an element for the token"). */
  readonly parserOwners: ReadonlyMap<Element, Element>;
}

/** The elements that a form lists (HTML, 4.10.2). */
const LISTED: ReadonlySet<string> = new Set([
  'button',
  'fieldset',
  'input',
  'object',
  'output',
  'select',
  'textarea',
]);

/** Whether an element can belong to a form. */
export function isListed(element: Element): boolean {
  return LISTED.has(element.name);
}

/** Parses a whole page; every text is one. */
export function parseDocument(html: string): HtmlDocument {
  const parserOwners = new Map<Element, Element>();
  const treeAdapter: TreeAdapter<Htmlparser2TreeAdapterMap> = {
    ...adapter,
    onElementCreated(element, { formElement, isInTemplate }) {
      if (formElement === null || isInTemplate) return;
      if (isListed(element) && element.attribs.form === undefined) parserOwners.set(element, formElement);
    },
  };
  return { root: parse(html, { treeAdapter }), parserOwners };
}

/** The elements below a node in tree order. The contents of `<template>` belong to no page. */
export function* elementsBelow(node: ParentNode): Generator<Element> {
  for (const child of node.children) {
    if (!isTag(child)) continue;
    yield child;
    if (child.name !== 'template') yield* elementsBelow(child);
  }
}

/** The elements around an element, the nearest first. */
export function* ancestorsOf(element: Element): Generator<Element> {
  for (let parent = element.parent; parent instanceof Element; parent = parent.parent) yield parent;
}

/** The text in a node, as it stands in the source; that of scripts and templates is left out. */
export function textOfNode(node: ChildNode | Document): string {
  if (isText(node)) return node.data;
  if (isTag(node) && (node.name === 'script' || node.name === 'template')) return '';
  return 'children' in node ? node.children.map(textOfNode).join('') : '';
}
