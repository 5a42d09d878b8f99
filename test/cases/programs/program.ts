// A user's program, under strict settings: lines that must type-check, and behind @ts-expect-error lines that must not.

import { createServer } from 'node:http';
import {
  type Config,
  type ConfigInput,
  compile,
  HttpError,
  type Karrigell,
  type KarrigellOptions,
  karrigell,
  type OpenSession,
  type PageFacts,
  Problem,
  Redirect,
  type RenderOptions,
  SessionAttributeError,
  SessionEndedError,
  viewEngine,
} from 'karrigell';

const settings: ConfigInput = { root_dir: 'site', session: { timeout: 600 }, persistent_session: true };
const options: KarrigellOptions = {
  ...settings,
  base_dir: '/srv',
  on_message: (level, message, cause) => console.error(level.toUpperCase(), message.length, cause),
};
const app: Karrigell = await karrigell(options);
// @ts-expect-error there is no such key
await karrigell({ rootdir: 'site' });
// @ts-expect-error a port is a number
await karrigell({ port: '8080' });

createServer(app.handler).listen(0);
createServer((request, response) => app.handler(request, response, (error) => response.end(String(error))));

const { url, port } = await app.listen();
console.log(url.length, port.toFixed());

interface Visitor {
  name: string;
  cart?: readonly { readonly id: number }[];
}
const session: Visitor = { name: 'Jean' };
const given: RenderOptions = { query: { email: 'a@b.c', 'color[]': ['red'] }, session, data: { a: 1 } };
const text: string = await app.render('/cart', given);
console.log(text, await app.render('/'), session.cart?.[0]?.id);
// @ts-expect-error a session is an object
await app.render('/', { session: 'Jean' });
// @ts-expect-error a field is a text
await app.render('/', { query: { id: 42 } });

try {
  await app.render('/account');
} catch (error) {
  if (error instanceof Redirect) console.log(error.status.toFixed(), error.location.length);
  else if (error instanceof HttpError) console.log(error.status.toFixed(), error.message);
  else if (error instanceof SessionAttributeError || error instanceof SessionEndedError)
    console.log(error.code);
  else if (error instanceof Problem) console.log(error.file?.length, error.line?.toFixed(), error.remedy);
}
export const ends: readonly HttpError[] = [new HttpError(404), new HttpError(410, 'Sold out')];

export const page: { code: string; facts: PageFacts } = compile('<p></p>', { file: 'cart.pih' });
// @ts-expect-error a page's text is needed
compile();

/** The engine as the types of Express have it. */
// biome-ignore lint/suspicious/noExplicitAny: as in the types of Express
type ExpressEngine = (path: string, options: object, callback: (e: any, rendered?: string) => void) => void;
export const engine: ExpressEngine = viewEngine;
viewEngine('/views/a.pih', { title: 'A' }, (error, html) => console.log(error, html?.length));

export function greet(s: OpenSession<{ name: string }>, { port: configured }: Config): string {
  // @ts-expect-error not an attribute of this session
  s.nome = 'x';
  return s.name.toUpperCase() + s.get('name', 'x') + configured.toFixed();
}
