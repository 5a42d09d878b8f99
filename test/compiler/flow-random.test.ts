// The contexts that the compiler gives to outputs, compared with the positions that parse5 finds: random pages are
// rendered once with harmless values and once with hostile ones.

import vm from 'node:vm';
import { tokenizer } from 'acorn';
import test from 'ava';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { analyse } from '../../engine/compiler/3-analyse/index.ts';
import { compilePage } from '../../engine/compiler/index.ts';
import { parsePage } from '../../engine/compiler/parsed-page.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';
import type { Context } from '../../engine/escaping/context.ts';
import { pageKit } from '../../engine/pages/page-kit.ts';
import { ALONE } from '../../engine/runtime/layout.ts';
import { PageWriter, randomFrom } from './random-pages.ts';

const PAGES = 700;
const FILE = 'random.pih';

const HOSTILE = [
  '"><script>x</script>',
  "' onload=x y='",
  '</script><b>',
  '</textarea></title></style><b>',
  '--><b>',
  '*/x/*${x}`</',
  '\\',
  'javascript:x',
  '}</style>{',
  '&#34;<a href=x>',
];

/** Keeps a function for a call at another position; a function that calls itself ends. */
class Kept {
  #function: () => void = () => undefined;
  #depth = 0;

  set f(next: () => void) {
    this.#function = next;
  }

  get f(): () => void {
    const kept = this.#function;
    return () => {
      if (this.#depth === 3) throw new RangeError('deep enough');
      this.#depth++;
      try {
        kept();
      } finally {
        this.#depth--;
      }
    };
  }
}

/** Renders a page whose n-th value is `value(n)`. `decide` makes the decisions, and decides which values throw. */
function rendered(page: string, value: (n: number) => string, decide: (n: number) => number): string {
  const { code } = compilePage(page, { file: FILE });
  const factory = vm.compileFunction(code, [], { filename: FILE })();
  const kit = pageKit({
    file: FILE,
    run: () => '',
    render: async () => '',
    layoutProblem: () => undefined,
    cycle: () => undefined,
    import: () => Promise.resolve(undefined),
    meta: {},
  });
  const data = {
    v: (n: number) => {
      if (decide(n) < 0.06) throw new RangeError('a value');
      return value(n);
    },
    c: (n: number) => decide(n) < 0.5,
    o: new Kept(),
    two: [1, 2],
  };
  return factory(kit)({}, data, ALONE);
}

/** The contexts that the compiler gives to the page's outputs, by the number of their value. */
function compiledContexts(source: string): Map<number, Context> {
  const { flow } = analyse(parsePage(source, FILE), 'html');
  const contexts = new Map<number, Context>();
  for (const [{ innerStart, innerEnd }, { context }] of flow.notes.outputs)
    contexts.set(Number(/v\((\d+)\)/.exec(source.slice(innerStart, innerEnd))?.[1]), context);
  return contexts;
}

type TreeNode = DefaultTreeAdapterTypes.Node;

/** Every text of a document with its position: `attribute:a.href`, `content:script`, `data`, `comment`. */
function placesIn(node: TreeNode, parent: string, found: [place: string, text: string][]): void {
  if (node.nodeName === '#text' && 'value' in node)
    found.push([CONTENT.has(parent) ? `content:${parent}` : 'data', node.value]);
  if (node.nodeName === '#comment' && 'data' in node) found.push(['comment', node.data]);
  if ('attrs' in node)
    for (const { name, value } of node.attrs) found.push([`attribute:${node.nodeName}.${name}`, value]);
  if ('childNodes' in node) for (const child of node.childNodes) placesIn(child, node.nodeName, found);
}

const CONTENT: ReadonlySet<string> = new Set(['script', 'style', 'textarea', 'title']);

function placeOf({ state, element, attribute }: Context): string {
  if (state === 'attribute value' || state === 'before attribute value')
    return `attribute:${element}.${attribute}`;
  return state === 'content' ? `content:${element}` : state;
}

/** A document without its values: elements, names of attributes, tokens of scripts, punctuation of styles. */
function structure(node: TreeNode): unknown {
  if (node.nodeName === '#text' && 'value' in node)
    return codeIn(node.parentNode?.nodeName ?? '', node.value);
  if (node.nodeName === '#comment') return node.nodeName;
  const attributes =
    'attrs' in node ? node.attrs.map(({ name, value }) => [name, codeIn(ATTRIBUTES[name] ?? '', value)]) : [];
  const children = 'childNodes' in node ? node.childNodes.map(structure) : [];
  return [node.nodeName, attributes, children.filter((child) => child !== '')];
}

const ATTRIBUTES: Readonly<Record<string, string>> = { onclick: 'script', style: 'style' };

function codeIn(language: string, code: string): string {
  if (language === 'script') return tokensOf(code);
  return language === 'style' ? code.replace(/[^{}:;]/g, '') : '';
}

function tokensOf(code: string): string {
  try {
    return [...tokenizer(code, { ecmaVersion: 2022 })].map((token) => token.type.label).join(' ');
  } catch {
    return 'no script';
  }
}

test('outputs stand in the context that the compiler found, and no value changes the structure of a page', (t) => {
  const random = randomFrom(20261121);
  const seen = { pages: 0, outputs: 0, refused: 0 };
  for (let number = 0; number < PAGES; number++) {
    const page = new PageWriter(random).page();
    const source = `<% const { v, c, o, two } = ARGS -%>\n${page}`;
    const decisions = Array.from({ length: 200 }, random);
    const decide = (n: number) => decisions[n] ?? 0;
    const contexts = contextsOrProblem(source);
    if (contexts instanceof Problem) {
      seen.refused++;
      continue;
    }
    const harmless = attempt(() => rendered(source, (n) => `q${n}q`, decide));
    if (harmless === undefined) continue;
    seen.pages++;
    const found: [string, string][] = [];
    const tree = parse(harmless);
    placesIn(tree, '', found);
    for (const [place, text] of found)
      for (const [, n] of text.matchAll(/q(\d+)q/g)) {
        const context = contexts.get(Number(n));
        if (context === undefined) continue;
        seen.outputs++;
        if (placeOf(context) !== place)
          return t.fail(`${place}, not ${placeOf(context)}: ${n} in\n${source}\n${harmless}`);
      }
    const hostile = rendered(source, (n) => `q${n}q${HOSTILE[n % HOSTILE.length]}`, decide);
    const [before, after] = [structure(tree), structure(parse(hostile))].map((part) => JSON.stringify(part));
    if (before !== after) return t.fail(`another structure:\n${source}\n${harmless}\n${hostile}`);
  }
  t.log(seen);
  t.true(seen.pages > PAGES / 3);
  t.true(seen.outputs > 1000);
});

function contextsOrProblem(source: string): Map<number, Context> | Problem {
  try {
    return compiledContexts(source);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** undefined if an exception of a value, or a call in another context, ends the page. */
function attempt(render: () => string): string | undefined {
  try {
    return render();
  } catch (error) {
    if (error instanceof RangeError || error instanceof Problem) return undefined;
    throw error;
  }
}
