// The beginning of a compiled page. It binds the names that the page uses, and no others.

import type { Analysis } from '../3-analyse/index.ts';
import { type BindingContext, PAGE_NAME_TABLE, PAGE_NAMES } from '../page-name-table.ts';
import type { RewrittenImports } from '../rewrite-imports.ts';
import { runBindings, sharedBindings } from './flow-bindings.ts';
import type { FlowCode } from './flow-code.ts';
import { formBindings } from './form-code.ts';

/** The code before the page's first character, without a line break. */
export function prologue(analysis: Analysis, imports: RewrittenImports, code: FlowCode): string {
  const { names } = code;
  const parameters = [names.kit, ...imports.modules].join(',');
  const kind = analysis.facts.async ? 'async function' : 'function';
  const data = analysis.free.has('ARGS') ? 'ARGS' : names.data;
  const { out } = names;
  const run = hasRun(analysis)
    ? `const ${names.run}=${names.inKit('begin')}(${names.around},text=>{const was=${out};${out}=text;return was});`
    : '';
  const { flushes, floats } = analysis;
  const { kind: pageKind } = analysis.facts;
  const page: BindingContext = { names, flushes, floats, isTracked: code.isTracked, kind: pageKind };
  const bound = PAGE_NAMES.filter((name) => analysis.free.has(name)).map(
    (name) => PAGE_NAME_TABLE[name].binding?.(page) ?? '',
  );
  const fields = analysis.facts.fields.map(
    (field) => `let _${field}=${names.inScope('QUERY')}[${JSON.stringify(field)}];`,
  );
  const dynamic = imports.dynamic === undefined ? '' : `const ${imports.dynamic}=${names.inKit('import')};`;
  const meta = imports.meta === undefined ? '' : `const ${imports.meta}=${names.inKit('meta')};`;
  return (
    `return(function(${parameters}){"use strict";const ${names.text}=${names.inKit('text')},${names.plain}=${names.inKit('plain')};${dynamic}${meta}${sharedBindings(code)}` +
    `return ${kind} page(${names.scope},${data},${names.around}){let ${names.out}="",${names.outputValue};${run}${runBindings(code, analysis.free)}${formBindings(code)}${bound.join('')}${fields.join('')}`
  );
}

/**
 * The expression that a page returns. Behind the end of the page nothing may print, so the tracked context becomes
 * -1.
 */
export function resultOf(analysis: Analysis, { isTracked, names }: FlowCode): string {
  const result = hasRun(analysis)
    ? `${names.inKit('end')}(${names.run},${names.scope},${names.out})`
    : names.out;
  return isTracked ? `(${names.tracked}=-1,${result})` : result;
}

/** Whether the page needs a PageRun: it has a layout, sections, includes or flushes. */
function hasRun({ free, flushes }: Analysis): boolean {
  return flushes || free.has('Include') || free.has('Layout') || free.has('Section');
}
