// Pages with a mark `‸` right before the expected position of an error; the mark is removed before the page is served.

import type { ExecutionContext } from 'ava';
import { errorText } from '../../../engine/http/error-page/error-text.ts';
import { messages } from '../../../engine/process/messages.ts';
import type { TestSite } from '../../site-fixture.ts';

const CARET = '‸';

/** Files by name. */
export type Files = Readonly<Record<string, string>>;

/** The files without the mark, and the marked position: "name:line:column". */
export function marked(files: Files): { files: Files; place: string } {
  const [name, text] = Object.entries(files).find(([, source]) => source.includes(CARET)) ?? ['', ''];
  const before = text.slice(0, text.indexOf(CARET)).split('\n');
  const place = `${name}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
  const plain = Object.entries(files).map(([file, source]) => [file, source.replace(CARET, '')]);
  return { files: Object.fromEntries(plain), place };
}

/** Matches names that belong to the compiler, its parser or the engine. */
const INTERNALS =
  /\$+(?:out|kit|\d|import|meta)|acorn|Parser|node:internal|(?:dist|positions)\/engine\/|\(0 , /;

/** The reports of an error, in each place where it is reported. */
export interface Told {
  /** The response to a client that accepts no HTML. */
  readonly text: string;
  readonly html: string;
  readonly log: string;
  readonly json: string;
  /** The frames of the site in `error.stack`, as "name:line:column". */
  readonly stack: readonly string[];
}

/** Requests a page that fails under debug. */
export async function toldOf(site: TestSite, path: string, init: RequestInit = {}): Promise<Told> {
  site.logged.length = 0;
  const text = await site.text(path, init);
  const cause = site.logged.find(({ level }) => level === 'error')?.cause;
  const html = await site.text(path, { ...init, headers: { ...init.headers, accept: 'text/html' } });
  const log = cause === undefined ? '' : errorText(cause, site.folder);
  return { text, html, log, json: jsonOf(site, cause), stack: stackOf(site, cause) };
}

function jsonOf(site: TestSite, cause: unknown): string {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const settings = () => ({ root_dir: site.folder, log: 'json' });
  messages({ write, now: () => 0, colours: false, settings })('error', 'failed', cause);
  return written;
}

function stackOf(site: TestSite, cause: unknown): string[] {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const found = [...stack.matchAll(/^ {4}at .*?\(?((?:\/|file:)[^\s()]+:\d+:\d+)\)?$/gm)];
  return found
    .map(([, place = '']) => place)
    .filter((place) => place.startsWith(site.folder))
    .map((place) => place.slice(site.folder.length + 1));
}

/**
 * Asserts that the error page, the log in both forms and the response to curl name the position, and nothing of the
 * engine.
 */
export function assertTold(t: ExecutionContext, told: Told, place: string, what: string): void {
  const [name, line, column] = place.split(':');
  t.is(/^500 .*\n\n(\S+:\d+:\d+): /.exec(told.text)?.[1], place, `${what}: ${told.text}`);
  t.regex(told.text, new RegExp(`^\\S+: ${what.split(',')[0]}: `, 'm'));
  t.is(/<p class="where">.*?<code>(.*?)<\/code>/.exec(told.html)?.[1], place, `${what}: the page`);
  t.true(told.log.startsWith(`${place}: `), `${what}: ${told.log}`);
  const { error } = JSON.parse(told.json);
  t.deepEqual(
    [error.file?.endsWith(`/${name}`), error.line, error.column],
    [true, Number(line), Number(column)],
  );
  for (const [form, text] of Object.entries(told)) {
    if (form !== 'stack')
      t.notRegex(String(text).replace(/<style>.*?<\/style>/s, ''), INTERNALS, `${what}: ${form}`);
  }
}
