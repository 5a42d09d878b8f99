// The variables that a compiled page declares for the flow: its escapers, its variants of `print`, and the tracking of
// the context.

import { describeContext } from '../../escaping/context.ts';
import type { FlowCode } from './flow-code.ts';

/** The declarations that all runs of the page share. */
export function sharedBindings(code: FlowCode): string {
  const { names } = code;
  const escapers = [...code.escapers].map(
    (name) => `const ${names.escaper(name)}=${names.inKit('escapers')}[${JSON.stringify(name)}];`,
  );
  const described = JSON.stringify(code.contexts.map(describeContext));
  return escapers.join('') + (code.isTracked ? `const ${names.contexts}=${described};` : '');
}

/** The declarations of one run of the page. */
export function runBindings(code: FlowCode, free: ReadonlyMap<string, unknown>): string {
  return printBindings(code) + (code.isTracked ? trackingBindings(code, free) : '');
}

function printBindings(code: FlowCode): string {
  const { names } = code;
  return [...code.prints.values()]
    .map(({ escaper, before }, number) => {
      const printed = `${literalAnd(before)}${names.inKit('print')}(values,${code.escaper(escaper)})`;
      return `const print${names.printSuffix(number)}=(...values)=>{${names.out}+=${printed}};`;
    })
    .join('');
}

function literalAnd(text: string): string {
  return text === '' ? '' : `${JSON.stringify(text)}+`;
}

function trackingBindings(code: FlowCode, free: ReadonlyMap<string, unknown>): string {
  const { tracked, out, contexts, misplaced, resumed, returned, deferredSuffix } = code.names;
  const check = `${tracked}===place||${misplaced}(place,line,column);`;
  const parts = [
    `let ${tracked}=0;`,
    `const ${misplaced}=(place,line,column,call)=>${code.names.inKit('misplaced')}(${contexts}[${tracked}],${contexts}[place],line,column,call);`,
  ];
  if (code.hasResumes) parts.push(`const ${resumed}=(value,place,line,column)=>{${check}return value};`);
  if (code.hasResults) parts.push(`const ${returned}=value=>value;`);
  if (free.has('print'))
    parts.push(
      `const print${deferredSuffix}=(to,before,place,line,column)=>(...values)=>{${check}${out}+=before+${code.names.inKit('print')}(values,to)};`,
    );
  if (free.has('Include'))
    parts.push(
      `const Include${deferredSuffix}=(place,line,column)=>(path,data,children)=>{${check}return Include(path,data,children)};`,
    );
  return parts.join('');
}
