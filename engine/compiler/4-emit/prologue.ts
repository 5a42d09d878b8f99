// The beginning of a compiled page: it binds the names that the page uses, and no other.

import type { Analysis } from '../3-analyse/index.ts';
import type { RewrittenImports } from '../imports.ts';
import { runBindings, sharedBindings } from './flow-bindings.ts';
import type { FlowCode } from './flow-code.ts';
import type { InternalNames } from './internal-names.ts';

type Binding = (names: InternalNames, name: string, code: FlowCode, analysis: Analysis) => string;

/** How a page gets each of the engine's names. */
const BINDINGS: Readonly<Record<string, Binding>> = {
  QUERY: fromScope,
  FILES: fromScope,
  PARAMS: fromScope,
  REQUEST: fromScope,
  RESPONSE: (names, name, _, { flushes }) =>
    flushes ? `const RESPONSE=${names.kit}.response(${names.scope},${names.run});` : fromScope(names, name),
  CONFIG: fromScope,
  Session: ({ scope }) => `const Session=options=>${scope}.session(options);`,
  print: ({ out, kit }) => `const print=(...values)=>{${out}+=${kit}.print(values)};`,
  html: ({ kit }) => `const html=${kit}.html;`,
  safe: ({ kit }) => `const safe=${kit}.safe;`,
  raw: ({ kit }) => `const raw=${kit}.raw;`,
  escape: ({ text }) => `const escape=${text};`,
  Form: ({ kit, scope }) => `const Form=schema=>${kit}.form(${scope},schema);`,
  Include: ({ out, kit, scope, run }, _, code, { floats }) =>
    `const Include=(path,data)=>{const part=${kit}.include(${scope},path,data,${run});` +
    `if(typeof part==="string"){${out}+=part;return}const call=${run}.begun(${floats});` +
    `return part.then(part=>{${lateCheck(code)}${out}+=part}).finally(()=>${run}.ended(call))};`,
  Layout: ({ kit, run }) => `const Layout=(path,data)=>${kit}.layout(${run},path,data);`,
  Section: ({ run }) => `const Section=(name,fill)=>${run}.section(name,fill);`,
  CONTENT: ({ around }) => `const CONTENT=${around}.content;`,
  SECTION: ({ around }) => `const SECTION=name=>${around}.sections.get(String(name));`,
  redirect: ({ kit, scope }) =>
    `const redirect=(url,status,options)=>${kit}.redirect(${scope},url,status,options);`,
  HttpError: ({ kit }) => `const HttpError=${kit}.HttpError;`,
};

/**
 * What an asynchronous page prints arrives when another part of this one may be at work. If it comes behind the page's
 * end, that was an error already.
 */
function lateCheck({ isTracked, names }: FlowCode): string {
  return isTracked ? `${names.at}<1||${names.misplaced}(0,0,0,call.place);` : '';
}

function fromScope({ scope }: InternalNames, name: string): string {
  return `const ${name}=${scope}.${name};`;
}

/** Everything before the page's first character, without a line break. */
export function prologue(analysis: Analysis, imports: RewrittenImports, code: FlowCode): string {
  const { names } = code;
  const parameters = [names.kit, ...imports.modules].join(',');
  const kind = analysis.facts.async ? 'async function' : 'function';
  const data = analysis.free.has('ARGS') ? 'ARGS' : names.data;
  const { out } = names;
  const run = hasRun(analysis)
    ? `const ${names.run}=${names.kit}.begin(${names.around},text=>{const was=${out};${out}=text;return was});`
    : '';
  const bound = Object.entries(BINDINGS)
    .filter(([name]) => analysis.free.has(name))
    .map(([name, binding]) => binding(names, name, code, analysis));
  const fields = analysis.facts.fields.map(
    (field) => `let _${field}=${names.scope}.QUERY[${JSON.stringify(field)}];`,
  );
  const dynamic = imports.dynamic === undefined ? '' : `const ${imports.dynamic}=${names.kit}.import;`;
  const meta = imports.meta === undefined ? '' : `const ${imports.meta}=${names.kit}.meta;`;
  return (
    `return(function(${parameters}){"use strict";const ${names.text}=${names.kit}.text,${names.plain}=${names.kit}.plain;${dynamic}${meta}${sharedBindings(code)}` +
    `return ${kind} page(${names.scope},${data},${names.around}){let ${names.out}="",${names.value};${run}${runBindings(code, analysis.free)}${bound.join('')}${fields.join('')}`
  );
}

/** The expression that a page returns. Behind its end, nothing prints. */
export function resultOf(analysis: Analysis, { isTracked, names }: FlowCode): string {
  const result = hasRun(analysis) ? `${names.kit}.end(${names.run},${names.scope},${names.out})` : names.out;
  return isTracked ? `(${names.at}=-1,${result})` : result;
}

/** Whether more than its output must be kept while the page runs: its layout, its sections, what it includes or sends. */
function hasRun({ free, flushes }: Analysis): boolean {
  return flushes || free.has('Include') || free.has('Layout') || free.has('Section');
}
