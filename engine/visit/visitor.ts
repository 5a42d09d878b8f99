// A visitor of a site: walks from page to page without a network. Scripts of the pages do not run.

import type { App } from '../app.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { FormValues } from './form-filling.ts';
import type { FoundElement } from './found-element.ts';
import { SiteRequests, type StepOptions, type VisitorRequest } from './site-requests.ts';
import type { VisitedPage } from './visited-page.ts';

/** Options of `open()`. */
export interface OpenOptions extends StepOptions {
  /** The method of the request, in any case. Default: GET. */
  readonly method?: string;
  /** The body of the request, sent as it is; a text as UTF-8. Its type must be among `headers`. */
  readonly body?: string | Uint8Array;
}

/** The site that is visited. */
export interface VisitedSite {
  readonly app: App;
  /** Scheme and host that the visitor asks for. */
  readonly origin: URL;
  /** Ends the site where the visit opened it. */
  close(): Promise<void>;
}

/** A visitor with cookies of its own, at one page. */
export class Visitor {
  readonly #site: VisitedSite;
  readonly #requests: SiteRequests;
  #page: VisitedPage | undefined;
  #session: Readonly<Record<string, unknown>> | undefined;

  constructor(site: VisitedSite) {
    this.#site = site;
    this.#requests = new SiteRequests(site.app.handler, site.origin);
  }

  /** The status of the last response. */
  get status(): number {
    return this.#current.response.status;
  }

  /** Path, query and fragment of the page. */
  get url(): string {
    const { url } = this.#current;
    return url.pathname + url.search + url.hash;
  }

  /** The last response as it was sent. */
  get html(): string {
    return this.#current.body;
  }

  /** The text that a reader sees; of anything but HTML, the body. */
  get text(): string {
    return this.#current.text;
  }

  /** The bytes of the last response, of a download for instance. */
  get bytes(): Uint8Array {
    return this.#current.response.body;
  }

  /** The header fields of the last response. */
  get headers(): Headers {
    return this.#current.response.headers;
  }

  /** The cookies that the next request to this page carries, by their names. */
  get cookies(): Readonly<Record<string, string>> {
    return this.#requests.cookies(this.#page?.url ?? this.#site.origin);
  }

  /** The attributes of the visitor's session after the last response; undefined where there is none. */
  get session(): Readonly<Record<string, unknown>> | undefined {
    return this.#session;
  }

  /** The first element of the page that a CSS selector matches. @throws Problem `visit-selector`, `visit-no-html` */
  find(selector: string): FoundElement | undefined {
    return this.#current.find(selector);
  }

  /** All elements of the page that a CSS selector matches. @throws Problem `visit-selector`, `visit-no-html` */
  findAll(selector: string): FoundElement[] {
    return this.#current.findAll(selector);
  }

  /**
   * Opens a page, as if its address were typed.
   * @param url a path of the site (`/cart?item=5`), resolved against the page that is open
   * @returns this visitor, at the page
   * @throws (rejects with) `Problem` `visit-elsewhere` for another site, `visit-redirects` after 20 redirects
   */
  async open(url: string, options: OpenOptions = {}): Promise<this> {
    const { method = 'GET', body } = options;
    const from = this.#page?.url ?? this.#site.origin;
    if (!URL.canParse(url, from.href))
      throw new Problem('visit-elsewhere', { params: { url, origin: from.origin } });
    const bytes = body === undefined ? undefined : Buffer.from(body);
    return this.#go(
      { method: method.toUpperCase(), url: new URL(url, from), body: bytes },
      options,
      undefined,
    );
  }

  /**
   * Fills in a form of the page and submits it. Validation by the browser (`required`, `pattern`) stops nothing, so that a test
   * reaches the checks of the page.
   * @param selector CSS selector of a form, which is submitted by its first button as with the Enter key, or of the button that
   * is clicked
   * @param values the values to fill in; all other fields are sent as the page shows them
   * @returns this visitor, at the page that answers
   * @throws (rejects with) `Problem` `visit-no-element`, `visit-field-missing`, `visit-value-refused`, …
   */
  async submit(selector: string, values: FormValues = {}, options: StepOptions = {}): Promise<this> {
    const page = this.#current;
    return this.#go(await page.submission(selector, values), options, page);
  }

  /**
   * Clicks a link or a submit button of the page.
   * @param selector CSS selector of the link or button
   * @returns this visitor, at the page that answers
   * @throws (rejects with) `Problem` `visit-no-element`, `visit-not-clickable`, `visit-elsewhere`
   */
  async click(selector: string, options: StepOptions = {}): Promise<this> {
    const page = this.#current;
    const request = await page.click(selector);
    if (!isInPage(request, page.url)) return this.#go(request, options, page);
    this.#page = page.at(request.url);
    return this;
  }

  /** Closes the site if `visit()` has opened it. */
  async close(): Promise<void> {
    await this.#site.close();
  }

  get #current(): VisitedPage {
    if (this.#page === undefined) throw new Problem('visit-no-page');
    return this.#page;
  }

  async #go(request: VisitorRequest, options: StepOptions, from: VisitedPage | undefined): Promise<this> {
    this.#page = await this.#requests.go(request, options, from);
    this.#session = await this.#sessionAt(this.#page.url);
    return this;
  }

  /** Reads the session without a lock, and without moving its deadline. */
  async #sessionAt(url: URL): Promise<Readonly<Record<string, unknown>> | undefined> {
    const cookie = this.#requests.cookieHeader(url);
    if (cookie === '') return undefined;
    const secure = url.protocol === 'https:';
    const session = this.#site.app.sessions.request({ cookie, secure, page: 'karrigell/test' });
    await session.begin('read');
    const opened = session.open({ read_only: true, touch: false });
    const attributes = Reflect.get(opened, 'is_new') === true ? undefined : session.snapshot();
    await session.end();
    return attributes;
  }
}

/** Whether a link leads to another place of the same page, for which a browser makes no request. */
function isInPage({ method, url }: VisitorRequest, page: URL): boolean {
  return method === 'GET' && url.hash !== '' && url.href.split('#', 1)[0] === page.href.split('#', 1)[0];
}
