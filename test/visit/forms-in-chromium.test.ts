// The forms of a page, submitted by Chromium and by karrigell/test: both send the same request.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import type { FormValues } from '../../engine/visit/form-filling.ts';
import { SiteRequests } from '../../engine/visit/site-requests.ts';
import { browserTest, visit } from '../browser.ts';
import { FORM_CASES, type FormCase } from './form-cases.ts';

/** A request as it arrived; boundaries are chosen at random. */
interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly type: string;
  readonly body: string;
}

/** Serves the page of each case once, and records the next request under any URL. */
class FormServer {
  #html: string | undefined;
  #arrived: (request: Arrived) => void = () => {};

  readonly listener: RequestListener = (incoming, outgoing) => {
    if (incoming.url === '/favicon.ico') return void outgoing.writeHead(404).end();
    const html = this.#html;
    this.#html = undefined;
    outgoing.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    if (html !== undefined) outgoing.end(`<!doctype html><title>form</title><body>${html}`);
    else void arrivedRequest(incoming).then((request) => outgoing.end('there', () => this.#arrived(request)));
  };

  /** The request that a visitor sends, who opens the page and submits its form. */
  async submitted(html: string, walk: () => Promise<unknown>): Promise<Arrived> {
    this.#html = html;
    const request = new Promise<Arrived>((resolve) => {
      this.#arrived = resolve;
    });
    await walk();
    return request;
  }
}

async function arrivedRequest(incoming: IncomingMessage): Promise<Arrived> {
  const { method = '', url = '', headers } = incoming;
  const type = headers['content-type'] ?? '';
  const [, boundary = ''] = /boundary=(.*)$/.exec(type) ?? [];
  const body = (await buffer(incoming)).toString('latin1');
  const plain = (text: string) => (boundary === '' ? text : text.replaceAll(boundary, 'BOUNDARY'));
  return { method, target: url, type: plain(type), body: plain(body) };
}

const PAGE = '/pages/form?x=1';

browserTest('Chromium and karrigell/test send the same bytes of a form', async (t) => {
  const differences: Record<string, { readonly expected: Arrived; readonly actual: Arrived }> = {};
  const forms = new FormServer();
  const server = createServer(forms.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.teardown(() => server.close());
  await visit({}, async (page) => {
    for (const [title, form] of Object.entries(FORM_CASES)) {
      const expected = await forms.submitted(form.html, () =>
        submitInBrowser(page, `http://127.0.0.1:${port}`, form),
      );
      const actual = await forms.submitted(form.html, () => submitAsVisitor(forms.listener, form));
      if (!isDeepStrictEqual(actual, expected)) differences[title] = { expected, actual };
    }
  });
  t.deepEqual(differences, {});
  t.true(Object.keys(FORM_CASES).length >= 60);
});

async function submitAsVisitor(listener: RequestListener, { values = {}, click }: FormCase): Promise<void> {
  const origin = new URL('http://localhost');
  const requests = new SiteRequests(listener, origin);
  const page = await requests.go({ method: 'GET', url: new URL(PAGE, origin) }, {}, undefined);
  const selector = click ?? 'form[action="/to"], form[method], form[action]';
  await requests.go(await page.submission(selector, values), {}, page);
}

async function submitInBrowser(page: Page, origin: string, form: FormCase): Promise<void> {
  await page.goto(origin + PAGE);
  for (const [name, value] of Object.entries(form.values ?? {})) await fillInBrowser(page, name, value);
  // Enter clicks the first button; `click()` of a button is at the corner of an image.
  const loaded = page.waitForEvent('load');
  await page.evaluate(`(() => {
    for (const form of document.forms) form.noValidate = true;
    const clicked = document.querySelector(${JSON.stringify(form.click ?? '#none')});
    if (clicked !== null) return clicked.click();
    const form = document.querySelector('form[action="/to"], form[method], form[action]');
    const button = [...form.elements].find((control) => control.type === 'submit' || control.type === 'image');
    if (button === undefined) form.requestSubmit(); else button.click();
  })()`);
  await loaded;
}

async function fillInBrowser(page: Page, name: string, value: FormValues[string]): Promise<void> {
  const fields = page.locator(`[name="${name}"]`);
  const values = [value].flat();
  const kind = await fields.first().evaluate((element) => Reflect.get(element, 'type'));
  if (kind === 'file') await fields.setInputFiles(await Promise.all(values.map(fileForBrowser)));
  else if (String(kind).startsWith('select')) await fields.selectOption(values.map(String));
  else if (kind === 'radio') await page.locator(`[name="${name}"][value="${value}"]`).check();
  else if (typeof value === 'boolean') await fields.setChecked(value);
  else if (kind === 'checkbox') await checkInBrowser(page, name, values.map(String));
  else await fields.fill(String(value));
}

async function checkInBrowser(page: Page, name: string, values: readonly string[]): Promise<void> {
  for (const box of await page.locator(`[name="${name}"]`).all())
    await box.setChecked(values.includes((await box.getAttribute('value')) ?? 'on'));
}

async function fileForBrowser(value: unknown) {
  if (!(value instanceof File)) throw new TypeError('a file input takes files');
  return { name: value.name, mimeType: value.type, buffer: Buffer.from(await value.arrayBuffer()) };
}
