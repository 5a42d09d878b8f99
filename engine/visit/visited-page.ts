// The response that a visitor looks at: its text, its document, and what can be clicked and submitted in it.

import type { Element } from 'domhandler';
import { Problem } from '../diagnostics/problem.ts';
import { controlsOf, type FormControl, isSubmitButton } from './form-controls.ts';
import { type FormValues, fillForm } from './form-filling.ts';
import { formOwnerOf } from './form-owner.ts';
import { defaultButton, type PageRequest, submissionRequest } from './form-submission.ts';
import { allFoundIn, type FoundElement, firstMatch, foundIn } from './found-element.ts';
import { type HtmlDocument, parseDocument } from './html-document.ts';
import type { MemoryResponse } from './memory-transport.ts';
import { visibleText } from './visible-text.ts';

/** A page, text or file that was answered. */
export class VisitedPage {
  readonly url: URL;
  readonly response: MemoryResponse;
  readonly body: string;
  #document: HtmlDocument | undefined;

  constructor(url: URL, response: MemoryResponse) {
    this.url = url;
    this.response = response;
    this.body = response.body.toString();
  }

  get isHtml(): boolean {
    return /^text\/html\b/i.test(this.response.headers.get('content-type') ?? '');
  }

  /** The text that a reader sees; of anything but HTML the body. */
  get text(): string {
    return this.isHtml ? visibleText(this.#parsed().root) : this.body;
  }

  /** The same page, at another place of it. */
  at(url: URL): VisitedPage {
    return new VisitedPage(url, this.response);
  }

  find(selector: string): FoundElement | undefined {
    const document = this.#parsed();
    return foundIn(selector, document.root, document);
  }

  findAll(selector: string): FoundElement[] {
    const document = this.#parsed();
    return allFoundIn(selector, document.root, document);
  }

  /** The request of a form that is filled in and submitted; of a submit button, that of its form when it is clicked. */
  async submission(selector: string, values: FormValues): Promise<PageRequest> {
    const element = this.#elementAt(selector, 'form');
    const document = this.#parsed();
    const form = element.name === 'form' ? element : formOwnerOf(element, document);
    const controls = form === undefined ? [] : controlsOf(form, document);
    const clicked = controls.find((control) => control.element === element);
    if (form === undefined || (form !== element && (clicked === undefined || !isSubmitButton(clicked))))
      throw new Problem('visit-not-clickable', { params: { selector, element: shownElement(element) } });
    return this.#submit(form, controls, clicked ?? defaultButton(controls), values);
  }

  /** The request of a link, or of a submit button with its form as the page shows it. */
  async click(selector: string): Promise<PageRequest> {
    const element = this.#elementAt(selector, 'a, button, input[type=submit]');
    const link = linkAround(element);
    if (link !== undefined) return { method: 'GET', url: this.#linkTarget(link) };
    return this.submission(selector, {});
  }

  async #submit(
    form: Element,
    controls: readonly FormControl[],
    submitter: FormControl | undefined,
    values: FormValues,
  ): Promise<PageRequest> {
    fillForm(controls, values, shownElement(form));
    if (submitter?.isDisabled) {
      const params = { name: shownElement(submitter.element), form: shownElement(form) };
      throw new Problem('visit-button-disabled', { params });
    }
    return submissionRequest({ form, controls, submitter, base: this.#base(), page: this.url });
  }

  #linkTarget(link: Element): URL {
    const href = link.attribs.href ?? '';
    const base = this.#base();
    if (URL.canParse(href, base.href)) return new URL(href, base);
    throw new Problem('visit-elsewhere', { params: { url: href, origin: this.url.origin } });
  }

  /** The URL that relative ones start from (HTML, 2.4.3, "document base URL"). */
  #base(): URL {
    const href = firstMatch('base[href]', this.#parsed().root)?.attribs.href ?? '';
    return URL.canParse(href, this.url.href) ? new URL(href, this.url) : this.url;
  }

  #elementAt(selector: string, like: string): Element {
    const { root } = this.#parsed();
    const element = firstMatch(selector, root);
    if (element !== undefined) return element;
    const others = allFoundIn(like, root, this.#parsed()).map(({ html }) => /^<[^>]*>/.exec(html)?.[0]);
    const params = { selector, page: this.url.pathname, others: others.join(' ') || 'none' };
    throw new Problem('visit-no-element', { params, value: selector });
  }

  #parsed(): HtmlDocument {
    if (!this.isHtml) {
      const type = this.response.headers.get('content-type') ?? 'no Content-Type';
      throw new Problem('visit-no-html', { params: { page: this.url.pathname, type } });
    }
    this.#document ??= parseDocument(this.body);
    return this.#document;
  }
}

/** The link that a click on an element follows. */
function linkAround(element: Element): Element | undefined {
  if (isLink(element)) return element;
  const { parent } = element;
  return parent !== null && 'attribs' in parent ? linkAround(parent) : undefined;
}

function isLink({ name, attribs }: Element): boolean {
  return (name === 'a' || name === 'area') && attribs.href !== undefined;
}

/** The beginning of an element as it stands in the page. */
function shownElement({ name, attribs }: Element): string {
  const shown = Object.entries(attribs).map(([key, value]) => ` ${key}="${value}"`);
  return `<${name}${shown.join('')}>`;
}
