// The requests of one visitor: header fields as a browser sends them, cookies that come back, redirects that are followed.

import type { RequestListener } from 'node:http';
import { CookieJar } from 'tough-cookie';
import { Problem } from '../diagnostics/problem.ts';
import { MemoryTransport } from './memory-transport.ts';
import { VisitedPage } from './visited-page.ts';

/** A request of a visitor. */
export interface VisitorRequest {
  readonly method: string;
  readonly url: URL;
  readonly body?: Buffer | undefined;
  /** Content-Type of the body. */
  readonly type?: string | undefined;
}

/** Options of one step of a visitor. */
export interface StepOptions {
  /** false: a redirect is not followed, and `status` and `headers` are those of the redirect. Default: true. */
  readonly follow?: boolean;
  /** Header fields that are sent in addition to the header fields of a browser, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The most redirects that a browser follows (Fetch, 4.4, step 5). */
const MOST_REDIRECTS = 20;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Sends requests to one site, with one visitor's cookies. */
export class SiteRequests {
  readonly #origin: string;
  readonly #transport: MemoryTransport;
  readonly #jar = new CookieJar(undefined, { rejectPublicSuffixes: false });

  constructor(handler: RequestListener, origin: URL) {
    this.#origin = origin.origin;
    this.#transport = new MemoryTransport(handler);
  }

  /** The Cookie header of a request to a URL; '' without cookies. */
  cookieHeader(url: URL): string {
    return this.#jar.getCookieStringSync(url.href, { sameSiteContext: 'strict' });
  }

  /** The cookies of a request to a URL, by their names. */
  cookies(url: URL): Record<string, string> {
    const cookies = this.#jar.getCookiesSync(url.href, { sameSiteContext: 'strict' });
    return Object.fromEntries(cookies.map(({ key, value }) => [key, value]));
  }

  /**
   * Makes a request and follows its redirects inside the site.
   * @param from the page on which the link or form is; undefined for a typed address
   * @throws Problem `visit-elsewhere`, `visit-redirects`
   */
  async go(
    request: VisitorRequest,
    options: StepOptions,
    from: VisitedPage | undefined,
  ): Promise<VisitedPage> {
    let next = request;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const page = await this.#send(next, options, from);
      const target = options.follow === false ? undefined : redirectTarget(page);
      if (target === undefined || target.origin !== this.#origin) return page;
      next = redirected(next, page.response.status, target);
    }
    throw new Problem('visit-redirects', { params: { url: request.url.pathname, most: MOST_REDIRECTS } });
  }

  async #send(
    request: VisitorRequest,
    options: StepOptions,
    from: VisitedPage | undefined,
  ): Promise<VisitedPage> {
    const { method, url, body } = request;
    if (url.origin !== this.#origin)
      throw new Problem('visit-elsewhere', { params: { url: url.href, origin: this.#origin } });
    const response = await this.#transport.send({
      method,
      target: url.href.slice(url.origin.length).split('#', 1)[0] ?? '/',
      headers: { ...this.#headersOf(request, from), ...lowerCased(options.headers) },
      body,
      isSecure: url.protocol === 'https:',
    });
    for (const cookie of response.headers.getSetCookie())
      this.#jar.setCookieSync(cookie, url.href, { ignoreError: true, sameSiteContext: 'strict' });
    return new VisitedPage(url, response);
  }

  #headersOf({ method, url, type }: VisitorRequest, from: VisitedPage | undefined): Record<string, string> {
    const cookie = this.cookieHeader(url);
    return {
      host: url.host,
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'sec-fetch-site': from === undefined ? 'none' : 'same-origin',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-user': '?1',
      ...(from === undefined ? {} : { referer: from.url.href.split('#', 1)[0] ?? '' }),
      ...(method === 'GET' || method === 'HEAD' ? {} : { origin: this.#origin }),
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(cookie === '' ? {} : { cookie }),
    };
  }
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function redirectTarget({ url, response }: VisitedPage): URL | undefined {
  const location = response.headers.get('location');
  if (!REDIRECTS.has(response.status) || location === null || !URL.canParse(location, url.href))
    return undefined;
  return new URL(location, url);
}

/** 307 and 308 repeat the request; the others are followed by a GET (Fetch, 4.4, step 12). A fragment goes on. */
function redirected(
  { method, url, body, type }: VisitorRequest,
  status: number,
  target: URL,
): VisitorRequest {
  if (target.hash === '') target.hash = url.hash;
  if (status === 307 || status === 308) return { method, url: target, body, type };
  return { method: method === 'HEAD' ? 'HEAD' : 'GET', url: target };
}
