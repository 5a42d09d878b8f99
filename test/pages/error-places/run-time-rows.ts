// Code that fails when it runs, for every error code of the engine that a page can cause at run time, and for errors of
// JavaScript.

import type { ConfigInput } from '../../../config/schema.ts';

/** Code that fails; `‸` marks the position. */
export interface FailingCode {
  /** The error's code, or its name. */
  readonly code: string;
  /** Statements before it, at the top of its page. */
  readonly before?: string;
  /** A call or another expression. */
  readonly expression?: string;
  /** A statement; a promise is awaited if the page can await. */
  readonly statement?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the code awaits, so that it needs an asynchronous page. */
  readonly awaits?: boolean;
  readonly config?: ConfigInput;
}

const IN_FILES: ConfigInput = { persistent_session: true };
const IN_COOKIES: ConfigInput = {
  persistent_session: { store: 'cookie', secrets: ['a secret of at least thirty-two characters'] },
};
const SESSION = 'const s: any = Session();';

export const FAILING: readonly FailingCode[] = [
  { code: 'TypeError', expression: '(null as any).‸x' },
  { code: 'TypeError', expression: '(undefined as any)‸()' },
  { code: 'TypeError', before: 'const o: any = {};', expression: 'o.‸f(1)' },
  { code: 'TypeError', before: 'let n: any = 1;', expression: '‸n(1)' },
  { code: 'ReferenceError', expression: '‸nope("x")' },
  { code: 'ReferenceError', expression: 'String(1) + ‸nope("x")' },
  { code: 'ReferenceError', expression: '‸nope' },
  { code: 'ReferenceError', statement: 'if (‸nope) print(1)' },
  { code: 'ReferenceError', expression: 'QUERY.nope ?? { nope: ‸nope(1) }' },
  { code: 'ReferenceError', statement: '{ const f = ‸late(1); const late = (n: number) => n; print(f) }' },
  { code: 'RangeError', expression: '"x".‸repeat(-1)' },
  { code: 'SyntaxError', expression: 'JSON.‸parse("{")' },
  { code: 'URIError', expression: '‸decodeURIComponent("%")' },
  { code: 'Error', statement: 'throw ‸new Error("own")' },
  {
    code: 'TypeError',
    before: "import { list } from './_list.ts';",
    expression: '‸list("x")',
    files: { '_list.ts': 'export const list: any = 1' },
  },
  {
    code: 'TypeError',
    before: "import * as lists from './_list.ts';",
    expression: '(lists as any).‸other("x")',
    files: { '_list.ts': 'export const list: any = 1' },
  },
  {
    code: 'Error',
    before: "import { fail } from './_fail.ts';",
    expression: 'fail("x")',
    files: { '_fail.ts': 'type A = string;\nexport const fail = (a: A): never => { throw ‸new Error(a) }' },
  },
  { code: 'http-error-status', statement: 'throw ‸HttpError(200)' },
  { code: 'http-error-status', statement: 'throw ‸new HttpError(700, "x")' },
  { code: 'redirect-url', expression: '‸redirect("javascript:alert(1)")' },
  { code: 'redirect-external', expression: '‸redirect("https://x.example/")' },
  { code: 'redirect-flash', expression: '‸redirect("/", { flash: 1 as any })' },
  { code: 'response-json', expression: 'RESPONSE.‸json(1n as any)' },
  { code: 'redirect-status', expression: '‸redirect("/", 200 as any)' },
  { code: 'form-schema', expression: 'await ‸Form({} as any)', awaits: true },
  {
    code: 'form-id',
    before:
      "const schema: any = { '~standard': { version: 1, vendor: 'x', validate: () => ({ value: 1 }) } };",
    expression: "await ‸Form(schema, { id: 'my form' })",
    awaits: true,
  },
  {
    code: 'form-initial',
    before:
      "const schema: any = { '~standard': { version: 1, vendor: 'x', validate: () => ({ value: 1 }) } };",
    expression: 'await ‸Form(schema, { initial: { values: { born: new Date() as any } } })',
    awaits: true,
  },
  {
    code: 'form-retry-loop',
    before:
      "const schema: any = { '~standard': { version: 1, vendor: 'x', validate: () => ({ value: 1 }) } }; const form: any = await Form(schema);",
    statement: 'form.‸retry()',
    awaits: true,
  },
  { code: 'include-missing', before: 'const path = "_none.pih";', statement: '‸Include(path)' },
  {
    code: 'include-missing',
    before: 'const path = "_none.pih";',
    expression: 'await ‸Include(path)',
    awaits: true,
  },
  {
    code: 'include-kind',
    before: 'const path = "_note.txt.pih";',
    statement: '‸Include(path)',
    files: { '_note.txt.pih': 'x' },
  },
  {
    code: 'include-kind',
    before: 'const path = "_note.txt.pih";',
    expression: '‸Layout(path)',
    files: { '_note.txt.pih': '<%= CONTENT %>' },
  },
  {
    code: 'render-missing',
    before: 'const path = "_none.pih";',
    expression: 'await ‸Render(path)',
    awaits: true,
  },
  {
    code: 'render-response',
    expression: 'await Render("_inner.pih")',
    awaits: true,
    files: { '_inner.pih': '<p>\n<% ‸redirect("/") %>' },
  },
  { code: 'layout-missing', before: 'const path = "_none.pih";', expression: '‸Layout(path)' },
  { code: 'section-callback', expression: '‸Section("side", "text" as any)' },
  {
    code: 'section-unfinished',
    statement: '‸Section("side", async () => { await new Promise((go) => setTimeout(go, 20)); print(1) })',
    awaits: true,
  },
  {
    code: 'include-unfinished',
    before: 'const path = "_slow.pih";',
    statement: '‸Include(path)',
    files: { '_slow.pih': '<% await new Promise((go) => setTimeout(go, 20)) %>x' },
    awaits: true,
  },
  {
    code: 'include-children',
    expression: '‸Include("_part.pih", {}, "text" as any)',
    files: { '_part.pih': 'x' },
  },
  {
    code: 'children-unfinished',
    before:
      'const path = "_part.pih", pause = (ms: number) => new Promise((go) => setTimeout(go, ms)), one = async () => { await pause(5) }, two = async () => { await pause(60) };',
    statement: 'await Promise.all([‸Include(path, {}, one), Include(path, {}, two)])',
    files: { '_part.pih': 'x' },
    awaits: true,
  },
  { code: 'output-promise', statement: '‸print(Promise.resolve(1) as any)' },
  { code: 'output-promise', expression: 'html‸`<b>${Promise.resolve(1) as any}</b>`' },
  { code: 'output-function', statement: '‸print(1, (() => 1) as any)' },
  { code: 'output-function', expression: '‸escape(Symbol("x") as any)' },
  { code: 'output-object', expression: '‸raw([[[[[[[[{}]]]]]]]] as any)' },
  { code: 'html-template', expression: '‸html(["<b>"] as any)' },
  { code: 'template-unfinished', before: 'const h = html;', expression: 'h‸`<b title="${1}`' },
  { code: 'output-in-tag', before: 'const h = html;', expression: 'h‸`<b ${1}>x</b>`' },
  { code: 'output-promise', expression: 'String(html‸`<a href="${Promise.resolve(1) as any}">x</a>`)' },
  { code: 'SessionAttributeError', before: SESSION, expression: 's.‸cart' },
  { code: 'SessionAttributeError', before: SESSION, expression: '[s.‸cart.length]' },
  { code: 'session-name-reserved', before: SESSION, statement: 's.id ‸= 5' },
  { code: 'session-name-symbol', before: SESSION, statement: 's[Symbol("x")] ‸= 5' },
  { code: 'session-timeout-invalid', before: SESSION, expression: 's.‸set("a", 1, { timeout: -1 })' },
  { code: 'session-cookie-invalid', before: SESSION, statement: 's.cookie.nope ‸= 1' },
  {
    code: 'session-update-async',
    before: SESSION,
    expression: 'await s.‸update(async () => 1)',
    awaits: true,
  },
  {
    code: 'session-read-only',
    before: 'const s: any = Session({ read_only: true });',
    statement: 's.name ‸= "x"',
  },
  { code: 'session-value-unstorable', before: SESSION, statement: 's.cart ‸= [() => 1]', config: IN_FILES },
  {
    code: 'session-value-unstorable',
    before: `${SESSION} s.cart = [];`,
    statement: 's.cart ‸= [new (class Item {})()]; print(s.cart.length)',
    config: IN_FILES,
  },
  {
    code: 'session-value-unstorable',
    before: `${SESSION} s.a = 1;`,
    expression: 's.‸set("list", [Symbol("x")])',
    config: IN_FILES,
  },
  {
    code: 'session-value-unstorable',
    before: `${SESSION} s.bad ‸= () => 1;`,
    expression: 'await s.save()',
    awaits: true,
    config: IN_FILES,
  },
  {
    code: 'session-cookie-too-big',
    before: `${SESSION} s.a = 1;`,
    statement: 's.cart ‸= Array.from({ length: 300 }, () => crypto.randomUUID()).join()',
    config: IN_COOKIES,
  },
  {
    code: 'session-cookie-refused',
    before: SESSION,
    statement: 's.cookie.same_site = "none"; s.cookie.secure ‸= false',
  },
  { code: 'session-cookie-invalid', before: SESSION, statement: 's.cookie ‸= { nope: 1 }' },
  {
    code: 'session-too-big',
    before: `${SESSION} s.cart = [];`,
    statement: '{ const cart: any = [1]; cart[4294967294] = 1; s.cart ‸= cart }',
    config: IN_FILES,
  },
  { code: 'response-status', statement: 'RESPONSE.status ‸= 99' },
  { code: 'response-body', expression: 'RESPONSE.‸send(1 as any)' },
  { code: 'unknown-option', expression: 'RESPONSE.‸setCookie("a", "x", { maxAge: 1 } as any)' },
  { code: 'options-type', expression: 'RESPONSE.‸setCookie("a", "x", 1 as any)' },
  { code: 'response-cookie', expression: 'RESPONSE.‸setCookie("a b", "x")' },
  {
    code: 'flush-not-here',
    before: 'RESPONSE.send("x");',
    expression: 'await RESPONSE.‸flush()',
    awaits: true,
  },
];
