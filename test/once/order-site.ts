// The site of the tests of Once: a form, and pages that do work for it. Each piece of work is a line of one file, so that all servers
// of a test write to the same place.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Config, ConfigInput } from '../../config/schema.ts';
import type { StoreRow } from '../session/rows/row.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';
import { type PrintedForm, printedForms, sent } from './printed-forms.ts';

const PAUSE = 'await new Promise((later) => setTimeout(later, 20));';
const REDIRECT = "redirect('/thanks?n=' + count());";

/** Pages with Once by their names. `work(what)` does a piece of work, and `count()` gives their number. */
const PAGES: Readonly<Record<string, string>> = {
  order: `const once = await Once(); work(_what); ${PAUSE} ${REDIRECT}`,
  counted: `const once = await Once(); const s = Session(); work(_what); s.n = s.get('n', 0) + 1; ${PAUSE} redirect('/thanks?n=' + s.n);`,
  shown: "const once = await Once(); if (!once.done) work(_what); print(once.done ? 'was done' : 'is done');",
  login: `const once = await Once(); const s = Session(); s.regenerate(); s.user = _what; work(_what); RESPONSE.setCookie('lang', 'en'); ${PAUSE} redirect('/account');`,
  refused: 'const once = await Once(); work(_what); throw HttpError(422);',
  conflict: 'const once = await Once(); work(_what); throw HttpError(409);',
  away: 'const once = await Once(); work(_what); throw HttpError(503);',
  broken: "const once = await Once(); work(_what); throw new Error('broken');",
  slow: `const once = await Once(); if (!once.done) { work(_what); for (let n = 0; n < 15; n++) { await new Promise((later) => setTimeout(later, 100)); await RESPONSE.flush(); } } print('done');`,
  endless: 'const once = await Once(); work(_what); await new Promise(() => {});',
  told: "const once = await Once({ unsure: '/orders' }); work(_what); throw new Error('broken');",
  invalid: "work(_what); print('look again');",
  early:
    "if (_what !== 'tea') throw HttpError(503); const once = await Once(); work(_what); redirect('/thanks');",
};

/** The order site, and its file of work. */
export interface OrderSite extends TestSite {
  /** The pieces of work that were done, on all servers of the test. */
  work(): Promise<string[]>;
  /** A new form for a page. */
  form(page: string): Promise<PrintedForm>;
  /** Sends a form: the status, the Location, and the text of the answer. */
  send(form: PrintedForm, others?: Readonly<Record<string, string>>): Promise<string>;
}

/** Serves the site over a store, by two servers. */
export async function orderSites(
  t: ExecutionContext,
  row: StoreRow,
  config: ConfigInput = {},
): Promise<{ readonly one: OrderSite; readonly other: OrderSite }> {
  const dir = await mkdtemp(join(tmpdir(), 'karrigell-once-'));
  const place = await row.place(dir);
  t.teardown(async () => {
    await place.remove();
    await rm(dir, { recursive: true, force: true });
  });
  const options = { persistent_session: below(dir, place.config), ...config };
  return { one: await orderSite(t, dir, options), other: await orderSite(t, dir, options) };
}

/** The options of a store whose relative paths are below a folder. */
function below(dir: string, store: Config['persistent_session']): Config['persistent_session'] {
  if (typeof store === 'boolean') return store;
  const paths = ['dir', 'file'].flatMap((name) =>
    store[name] === undefined ? [] : [[name, join(dir, String(store[name]))] as const],
  );
  return { ...store, ...Object.fromEntries(paths) };
}

async function orderSite(t: ExecutionContext, dir: string, config: ConfigInput): Promise<OrderSite> {
  const file = join(dir, 'work.txt');
  const names = Object.keys(PAGES);
  const code = (name: string) => `import { work, count } from './_work.ts'; ${PAGES[name]}`;
  const site = await serveSite(
    t,
    {
      '_work.ts': `import { appendFileSync, readFileSync } from 'node:fs';
const file = ${JSON.stringify(file)};
export const work = (what: string | undefined) => appendFileSync(file, what + '\\n');
export const count = () => readFileSync(file, 'utf8').split('\\n').length - 1;`,
      'form.pih':
        '<form method="post" action="/<%= QUERY.page %>"><input name="what" value="tea"><input name="more[]" value="milk"></form>',
      'thanks.pih': 'thanks',
      'visit.pih': '<% Session().seen = true; %>',
      'account.pih': "<%= Session().get('user') %>",
      ...Object.fromEntries(names.map((name) => [`${name}.pih`, `<% ${code(name)} %>`])),
    },
    config,
  );
  return {
    ...site,
    work: async () => {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').slice(0, -1);
    },
    form: async (page) => {
      const [form] = printedForms(await site.text(`/form?page=${page}`));
      if (form === undefined) throw new Error('no form');
      return form;
    },
    send: async (form, others) => {
      const response = await site.get(form.action, sent(form, others));
      const text = await response.text();
      return [response.status, response.headers.get('location') ?? text.slice(0, 40)].join(' ');
    },
  };
}
