// The findings of `check` about the HTML of pages that do not run, compared with the errors of parse5 in the HTML that they print.

import { cpSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { ConfigInput } from '../../config/schema.ts';
import { HOLE } from '../../engine/compiler/outline/possible-value.ts';
import { HiddenFiles } from '../../engine/pages/hidden-files.ts';
import { pageFiles } from '../../engine/pages/page-files.ts';
import { pathOfPage } from '../../engine/pages/site-map/site-addresses.ts';
import { visit } from '../../engine/visit/index.ts';
import { folderWith } from '../folder.ts';
import { parserErrors, treeRepairs } from './rendered-repairs.ts';
import { findingsIn } from './site-findings.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

interface Row {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** The requests that show each branch; `/` alone by default. */
  readonly paths?: readonly string[];
  /** Errors of the parser that `check` does not tell, each with the reason. */
  readonly untold?: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = [
  {
    title: 'a right page',
    files: {
      'index.pih':
        '<!doctype html><html lang="en"><head><title>x</title></head><body><p>x<br><img src="/a.png" alt=""></body></html>',
      'a.png': '',
    },
  },
  { title: 'an element that is not closed', files: { 'index.pih': '<div><span>x</div>' } },
  { title: 'an element that is open at the end', files: { 'index.pih': '<section><p>x' } },
  { title: 'an end tag without its element', files: { 'index.pih': '<p>x</p></div>' } },
  { title: 'a block in a paragraph', files: { 'index.pih': '<p>x<ul><li>y</ul></p>' } },
  { title: 'elements that overlap', files: { 'index.pih': '<p><b>x<i>y</b>z</i></p>' } },
  {
    title: 'a form in a form',
    files: { 'index.pih': '<form><form></form><input name="q"></form><%= _q %>' },
  },
  { title: 'a block in a table', files: { 'index.pih': '<table><div>x</div><tr><td>y</table>' } },
  { title: 'a row without a table', files: { 'index.pih': '<div><tr><td>x</td></tr></div>' } },
  { title: 'an attribute twice', files: { 'index.pih': '<p class="a" id="b" class="c">x</p>' } },
  { title: 'no space between attributes', files: { 'index.pih': '<p class="a"id="b">x</p>' } },
  { title: 'a quote in a value without quotes', files: { 'index.pih': '<p class=a"b>x</p>' } },
  { title: 'a quote in the name of an attribute', files: { 'index.pih': '<p class"a">x</p>' } },
  { title: 'an attribute without its value', files: { 'index.pih': '<p class=>x</p>' } },
  { title: 'a solidus in a tag', files: { 'index.pih': '<p / class="a">x</p>' } },
  { title: 'an element of HTML that ends in />', files: { 'index.pih': '<div/>x</div>' } },
  { title: 'elements of SVG that end in />', files: { 'index.pih': '<svg><path d="M0 0"/><g/></svg>' } },
  { title: 'an end tag with an attribute', files: { 'index.pih': '<p>x</p class="a">' } },
  { title: 'a < in text', files: { 'index.pih': '<p>1 < 2, <3</p>' } },
  { title: 'a comment in a comment', files: { 'index.pih': '<!-- a <!-- b --><p>x</p>' } },
  { title: 'a comment that ends in --!>', files: { 'index.pih': '<!-- a --!><p>x</p>' } },
  {
    title: 'a reference without a semicolon',
    files: { 'index.pih': '<p>a&nbsp b &nothing; &amp; &copy;</p><a href="?a=1&copy=2&b">x</a>' },
  },
  {
    title: 'a reference to a number that is no character',
    untold: {
      'surrogate-character-reference': 'in a sample the number may be a part of one that is printed',
    },
    files: { 'index.pih': '<p>&#xd800;</p>' },
  },
  {
    title: 'a reference whose number is printed',
    files: { 'index.pih': '<p>&#<%= 8364 %>;</p>' },
  },
  {
    title: 'an element of the head behind it',
    files: {
      'index.pih':
        '<!doctype html><html lang="en"><head><title>x</title></head><meta charset="utf-8"><body>x</body></html>',
    },
  },
  {
    title: 'a head twice',
    files: {
      'index.pih':
        '<!doctype html><html lang="en"><head><title>x</title></head><body><head></head>x</body></html>',
    },
  },
  {
    title: 'a doctype of old',
    untold: { 'non-conforming-doctype': 'an author may want the rules of an old document' },
    files: {
      'index.pih':
        '<!doctype html public "x"><html lang="en"><head><title>x</title></head><body>x</body></html>',
    },
  },
  { title: 'a doctype in the middle', files: { 'index.pih': '<p>x</p><!doctype html>' } },
  {
    title: 'a paragraph in a noscript of the head',
    untold: { 'disallowed-content-in-noscript-in-head': 'the elements that the parser moves are told' },
    files: {
      'index.pih':
        '<!doctype html><html lang="en"><head><title>x</title><noscript><p>x</p></noscript></head><body>x</body></html>',
    },
  },
  { title: 'a CDATA section', files: { 'index.pih': '<p><![CDATA[x]]></p><svg><![CDATA[x]]></svg>' } },
  {
    title: 'a part that closes what the page opened',
    files: { 'index.pih': '<div><% Include("_end.pih") %>', '_end.pih': '</div>' },
  },
  {
    title: 'a part that leaves an element open',
    files: { 'index.pih': '<div><% Include("_open.pih") %></div>', '_open.pih': '<em>x' },
  },
  {
    title: 'a layout around an element that is open',
    files: {
      'index.pih': '<% Layout("_layout.pih") %><ul><li>x',
      '_layout.pih': '<main><%= CONTENT %></main>',
    },
  },
  {
    title: 'an attribute twice, once from form.attrs()',
    files: { 'index.pih': '<p title="a" title="<%= _q %>">x</p><form><input name="q"></form>' },
  },
  {
    title: 'a branch that leaves an element open',
    files: { 'index.pih': '<% if (_q) { %><b>x<% } else { %><i>x</i><% } %><form><input name="q"></form>' },
    paths: ['/', '/?q=1'],
  },
  {
    title: 'an element that one branch opens and another closes',
    files: {
      'index.pih': '<% if (_q) { %><div><% } %><form><input name="q"></form><% if (_q) { %></div><% } %>',
    },
    paths: ['/', '/?q=1'],
  },
  {
    title: 'a loop whose items overlap',
    files: { 'index.pih': '<% for (const each of ["a", "b"]) { %><li><b><%= each %></li></b><% } %>' },
  },
];

for (const { title, files, paths = ['/'], untold = {} } of ROWS)
  test(`check and the parser agree: ${title}`, async (t) => {
    const folder = await folderWith(t, inSite(files));
    const found = new Set<string>();
    for (const { html } of await printed(t, { root_dir: join(folder, 'site') }, paths))
      for (const each of [...parserErrors(html), ...treeRepairs(html)]) found.add(each);
    for (const code of Object.keys(untold)) t.true(found.delete(code), code);
    t.deepEqual([...found].sort(), await saidByCheck(folder));
  });

for (const [title, folder] of [
  ['the demo', 'site'],
  ['the template minimal', 'templates/minimal/site'],
  ['the template tour', 'templates/tour/site'],
  ['the template shop', 'templates/shop/site'],
] as const)
  test(`neither check nor the parser finds a repair in ${title}`, async (t) => {
    const base = realpathSync(await folderWith(t, { 'package.json': { type: 'module' } }));
    if (folder !== 'site')
      cpSync(join(REPOSITORY, 'templates/common/site'), join(base, 'site'), { recursive: true });
    cpSync(join(REPOSITORY, folder), join(base, 'site'), { recursive: true });
    await assertClean(t, base, 3);
  });

for (const [document, least] of [
  ['forms', 3],
  ['exactly-once', 2],
  ['guards', 3],
  ['recipes', 4],
] as const)
  test(`neither check nor the parser finds a repair in the pages of docs/${document}.md`, async (t) => {
    const text = readFileSync(join(REPOSITORY, `docs/${document}.md`), 'utf8');
    const shown = [...text.matchAll(/^`(site\/[^`\n]+)`:\n\n```\w*\n([\s\S]*?)```$/gm)];
    const files = shown.map(([, name = '', content = '']): [string, string] => [name, content]);
    const base = await folderWith(t, { ...Object.fromEntries(files), 'package.json': { type: 'module' } });
    await assertClean(t, base, least);
  });

function inSite(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`site/${name}`, content]));
}

/** The findings of `check` about HTML, in the words of the parser. */
async function saidByCheck(folder: string): Promise<string[]> {
  const found = await findingsIn(folder);
  const markup = found.filter(({ place }) => /^(?:markup-|attribute-twice)/.test(place));
  return [...new Set(markup.map(({ place, text }) => named(place.split(' ')[0] ?? '', text)))].sort();
}

function named(code: string, text: string): string {
  if (code === 'attribute-twice') return code;
  if (code === 'markup-syntax') return `${code}: ${text.slice(text.indexOf(': ') + 2)}`;
  const element = code === 'markup-paragraph' ? /before <(\w+)>/ : /<\/?(\w+)>/;
  return `${code}: ${element.exec(text)?.[1]}`;
}

interface Printed {
  readonly url: string;
  readonly html: string;
}

/** The HTML that a site answers at these paths. */
async function printed(
  t: ExecutionContext,
  config: ConfigInput,
  paths: readonly string[],
): Promise<Printed[]> {
  const visitor = await visit({ debug: true, on_message: () => {}, ...config });
  t.teardown(() => visitor.close());
  const found: Printed[] = [];
  for (const url of paths) found.push({ url, html: (await visitor.open(url)).html });
  return found;
}

async function assertClean(t: ExecutionContext, base: string, least: number): Promise<void> {
  symlinkSync(join(REPOSITORY, 'node_modules'), join(base, 'node_modules'));
  t.deepEqual(await saidByCheck(base), []);
  const pages = await walked(t, join(base, 'site'));
  t.log(`${pages.length} pages`);
  t.true(pages.length >= least, pages.map(({ url }) => url).join(' '));
  for (const { url, html } of pages) t.deepEqual([...parserErrors(html), ...treeRepairs(html)], [], url);
}

/** A page to open, and the form to submit there empty; the page itself if there is none. */
interface Step {
  readonly url: string;
  readonly form?: string;
}

const MOST_STEPS = 150;
const ORIGIN = 'http://localhost';

/** The HTML of all pages that a visitor reaches by links, and of the answers to empty forms. */
async function walked(t: ExecutionContext, root_dir: string): Promise<Printed[]> {
  const visitor = await visit({ root_dir, on_message: () => {} });
  t.teardown(() => visitor.close());
  const printed: Printed[] = [];
  const steps = new Map<string, Step>();
  const plan = (step: Step) => steps.size < MOST_STEPS && steps.set(`${step.url} ${step.form}`, step);
  for (const file of pageFiles(root_dir, new HiddenFiles([]))) {
    const path = pathOfPage(root_dir, file);
    if (path !== undefined) plan({ url: path.replaceAll(HOLE, '1') });
  }
  for (const { url, form } of steps.values()) {
    await visitor.open(url);
    if (form !== undefined && visitor.find(form) !== undefined) await visitor.submit(form);
    if (!/^text\/html/.test(visitor.headers.get('content-type') ?? '') || visitor.status >= 500) continue;
    printed.push({ url: `${url} ${form ?? ''} ${visitor.url}`, html: visitor.html });
    for (const { attributes } of visitor.findAll('a[href]')) {
      const target = new URL(attributes.href ?? '', ORIGIN + visitor.url);
      if (target.origin === ORIGIN) plan({ url: target.pathname + target.search });
    }
    if (form !== undefined) continue;
    for (const {
      attributes: { action },
    } of visitor.findAll('form'))
      plan({ url, form: action === undefined ? 'form:not([action])' : `form[action="${action}"]` });
  }
  return printed;
}
