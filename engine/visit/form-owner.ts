// Which form a control belongs to (HTML, 4.10.17.3, "reset the form owner").

import type { Element } from 'domhandler';
import { ancestorsOf, elementsBelow, type HtmlDocument, isListed } from './html-document.ts';

/** The form of a control; undefined where it has none. */
export function formOwnerOf(control: Element, document: HtmlDocument): Element | undefined {
  const id = control.attribs.form;
  if (id !== undefined) return formWithId(id, document);
  const parserOwner = document.parserOwners.get(control);
  if (parserOwner !== undefined) return parserOwner;
  for (const ancestor of ancestorsOf(control)) if (ancestor.name === 'form') return ancestor;
  return undefined;
}

/** The listed elements of a form in tree order. */
export function listedElementsOf(form: Element, document: HtmlDocument): Element[] {
  return [...elementsBelow(document.root)].filter(
    (element) => isListed(element) && formOwnerOf(element, document) === form,
  );
}

/** The first element with the ID decides, also where it is no form. */
function formWithId(id: string, { root }: HtmlDocument): Element | undefined {
  if (id === '') return undefined;
  for (const element of elementsBelow(root)) {
    if (element.attribs.id === id) return element.name === 'form' ? element : undefined;
  }
  return undefined;
}
