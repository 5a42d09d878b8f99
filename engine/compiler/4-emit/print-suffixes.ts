// The suffixes that turn `print` and `Include` into their variants for the context in which they stand.

import type { AnyNode, Identifier } from 'acorn';
import { TEXT } from '../../escaping/context.ts';
import type { FlowNotes, PrintNote } from '../3-analyse/flow/flow-notes.ts';
import type { Edit } from './edits.ts';
import type { FlowCode } from './flow-code.ts';

export function identifierEdits(notes: FlowNotes, code: FlowCode, node: Identifier, parent: AnyNode): Edit[] {
  const suffix = suffixOf(notes, code, node);
  if (suffix === '') return [];
  const isShorthand = parent.type === 'Property' && parent.shorthand;
  return [{ start: node.end, end: node.end, text: isShorthand ? `:${node.name}${suffix}` : suffix }];
}

function suffixOf(notes: FlowNotes, code: FlowCode, { start }: Identifier): string {
  const print = notes.prints.get(start);
  if (print === undefined && !notes.deferredIncludes.has(start)) return '';
  const { line, column } = code.position(start);
  if (notes.deferredIncludes.has(start))
    return `${code.names.deferredSuffix}(${code.contextNumber(TEXT)},${line},${column})`;
  if (print === undefined) return '';
  if (print.bound === undefined) return printSuffix(print, code);
  const values = [code.escaper(print.escaper), JSON.stringify(print.before), code.contextNumber(print.bound)];
  return `${code.names.deferredSuffix}(${[...values, line, column].join(',')})`;
}

/** `print` without a suffix prints element text. */
function printSuffix(print: PrintNote, code: FlowCode): string {
  if (print.escaper === 'text' && print.before === '') return '';
  const key = `${print.escaper} ${print.before}`;
  const known = [...code.prints.keys()].indexOf(key);
  code.prints.set(key, print);
  code.escaper(print.escaper);
  return code.names.printSuffix(known === -1 ? code.prints.size - 1 : known);
}
