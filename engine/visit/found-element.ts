// An element of a page, as a test looks at it.

import { selectAll, selectOne } from 'css-select';
import { type Document, type Element, isTag } from 'domhandler';
import { serializeOuter } from 'parse5';
import { adapter } from 'parse5-htmlparser2-tree-adapter';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import { controlAt } from './form-controls.ts';
import type { HtmlDocument } from './html-document.ts';
import { visibleText } from './visible-text.ts';

/** The first element below a node that a CSS selector matches. @throws Problem `visit-selector` */
export function firstMatch(selector: string, root: Document | Element): Element | undefined {
  return matching(selector, () => selectOne(selector, root)) ?? undefined;
}

function matching<T>(selector: string, select: () => T): T {
  try {
    return select();
  } catch (cause) {
    throw new Problem('visit-selector', { params: { selector, reason: messageOf(cause) }, cause });
  }
}

/** An element of the page that a visitor sees. */
export class FoundElement {
  readonly #element: Element;
  readonly #document: HtmlDocument;

  constructor(element: Element, document: HtmlDocument) {
    this.#element = element;
    this.#document = document;
  }

  /** The name of the element in lower case: `input`. */
  get tag(): string {
    return this.#element.name;
  }

  /** The text that a reader sees in it. */
  get text(): string {
    return visibleText(this.#element);
  }

  /** The element as HTML. */
  get html(): string {
    return serializeOuter(this.#element, { treeAdapter: adapter });
  }

  /** Its attributes by their names. */
  get attributes(): Readonly<Record<string, string>> {
    return { ...this.#element.attribs };
  }

  /** The value of an attribute; undefined if the element has no attribute of this name. */
  attr(name: string): string | undefined {
    return this.#element.attribs[name.toLowerCase()];
  }

  /** The value that a field shows; for a `<select>` the value of the chosen option; undefined for elements that are no fields. */
  get value(): string | undefined {
    const control = controlAt(this.#element, this.#document);
    if (control?.type !== 'select') return control?.value;
    return control.options.find(({ isSelected }) => isSelected)?.value ?? '';
  }

  /** Whether a checkbox or radio button is checked. */
  get checked(): boolean {
    return controlAt(this.#element, this.#document)?.isChecked ?? false;
  }

  /** The first element in it that a CSS selector matches. @throws Problem `visit-selector` */
  find(selector: string): FoundElement | undefined {
    return foundIn(selector, this.#element, this.#document);
  }

  /** All elements in it that a CSS selector matches. @throws Problem `visit-selector` */
  findAll(selector: string): FoundElement[] {
    return allFoundIn(selector, this.#element, this.#document);
  }
}

/** The first element below `root` that a selector matches, for a test. */
export function foundIn(
  selector: string,
  root: Document | Element,
  document: HtmlDocument,
): FoundElement | undefined {
  const element = firstMatch(selector, root);
  return element === undefined ? undefined : new FoundElement(element, document);
}

/** All elements below `root` that a selector matches, for a test. */
export function allFoundIn(
  selector: string,
  root: Document | Element,
  document: HtmlDocument,
): FoundElement[] {
  return matching(selector, () => selectAll(selector, root))
    .filter(isTag)
    .map((element) => new FoundElement(element, document));
}
