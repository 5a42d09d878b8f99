// What a page binds for the flow: the escapers that it calls, its ways to print by name, and where it is.

import { describeContext } from '../../escaping/context.ts';
import type { FlowCode } from './flow-code.ts';

/** Once for the page. */
export function sharedBindings(code: FlowCode): string {
  const { names } = code;
  const escapers = [...code.escapers].map(
    (name) => `const ${names.escaper(name)}=${names.inKit('escapers')}[${JSON.stringify(name)}];`,
  );
  const described = JSON.stringify(code.places.map(describeContext));
  return escapers.join('') + (code.isTracked ? `const ${names.places}=${described};` : '');
}

/** For every run of the page. */
export function runBindings(code: FlowCode, free: ReadonlyMap<string, unknown>): string {
  return printBindings(code) + (code.isTracked ? placeBindings(code, free) : '');
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

function placeBindings(code: FlowCode, free: ReadonlyMap<string, unknown>): string {
  const { at, out, places, misplaced, resumed, left, boundSuffix } = code.names;
  const check = `${at}===place||${misplaced}(place,line,column);`;
  const parts = [
    `let ${at}=0;`,
    `const ${misplaced}=(place,line,column,call)=>${code.names.inKit('misplaced')}(${places}[${at}],${places}[place],line,column,call);`,
  ];
  if (code.hasResumes) parts.push(`const ${resumed}=(value,place,line,column)=>{${check}return value};`);
  if (code.hasResults) parts.push(`const ${left}=value=>value;`);
  if (free.has('print'))
    parts.push(
      `const print${boundSuffix}=(to,before,place,line,column)=>(...values)=>{${check}${out}+=before+${code.names.inKit('print')}(values,to)};`,
    );
  if (free.has('Include'))
    parts.push(
      `const Include${boundSuffix}=(place,line,column)=>(path,data)=>{${check}return Include(path,data)};`,
    );
  return parts.join('');
}
