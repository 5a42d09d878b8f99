// TypeScript syntax that cannot be erased, with its replacement (the same set as Node's).

import { identifierName, nodeAt, nodesAt, type SyntaxNode } from './syntax-nodes.ts';

/** The refused syntax, and the replacement with the names of the source in it. */
export interface ErasureRefusal {
  readonly what: string;
  readonly instead: string;
}

type Refuse = (node: SyntaxNode, source: string) => ErasureRefusal | undefined;

const REFUSALS: Readonly<Record<string, Refuse>> = {
  TSEnumDeclaration: (node, source) => (node.declare === true ? undefined : enumRefusal(node, source)),
  TSModuleDeclaration: (node) => (isOnlyTypes(node) ? undefined : namespaceRefusal(node)),
  TSParameterProperty: (node, source) => parameterPropertyRefusal(node, source),
  TSTypeAssertion: (node, source) => ({
    what: `the type assertion ${oneLine(sourceOf(node, source))}`,
    instead: `Write \`${oneLine(sourceOf(nodeAt(node, 'expression'), source))} as ${oneLine(sourceOf(nodeAt(node, 'typeAnnotation'), source))}\`.`,
  }),
  TSImportEqualsDeclaration: (node, source) =>
    node.importKind === 'type' ? undefined : importEqualsRefusal(node, source),
  TSExportAssignment: (node, source) => ({
    what: '`export =`',
    instead: `Write \`export default ${oneLine(sourceOf(nodeAt(node, 'expression'), source))}\`.`,
  }),
  Decorator: (node, source) => ({
    what: `the decorator ${oneLine(sourceOf(node, source))}`,
    instead: 'Call the function yourself, on the class or in its constructor.',
  }),
};

/** The refusal of a node; undefined for a node that can be erased or is plain JavaScript. */
export function erasureRefusal(node: SyntaxNode, source: string): ErasureRefusal | undefined {
  if (node.accessor === true) {
    return { what: 'an `accessor` field', instead: 'Write a private field with a getter and a setter.' };
  }
  return REFUSALS[node.type]?.(node, source);
}

function enumRefusal(node: SyntaxNode, source: string): ErasureRefusal {
  const name = identifierName(nodeAt(node, 'id')) ?? 'Name';
  let next = 0;
  const members = nodesAt(node, 'members').map((member) => {
    const initializer = nodeAt(member, 'initializer');
    const value = initializer === undefined ? String(next) : sourceOf(initializer, source);
    next = (Number(value) || 0) + 1;
    return `${sourceOf(nodeAt(member, 'id'), source)}: ${value}`;
  });
  return {
    what: `enum ${name}`,
    instead: `Write \`const ${name} = { ${members.join(', ')} } as const;\` and, for the type, \`type ${name} = (typeof ${name})[keyof typeof ${name}];\`.`,
  };
}

function namespaceRefusal(node: SyntaxNode): ErasureRefusal {
  const name = identifierName(nodeAt(node, 'id')) ?? 'Name';
  return {
    what: `namespace ${name} with values`,
    instead: `Put its contents into a module of its own, or write \`const ${name} = { … };\`.`,
  };
}

function parameterPropertyRefusal(node: SyntaxNode, source: string): ErasureRefusal {
  const parameter = nodeAt(node, 'parameter');
  const target = parameter?.type === 'AssignmentPattern' ? nodeAt(parameter, 'left') : parameter;
  const name = identifierName(target) ?? 'name';
  return {
    what: `the parameter property ${oneLine(sourceOf(node, source))}`,
    instead: `Declare the field \`${name}\` in the class and write \`this.${name} = ${name};\` in the constructor.`,
  };
}

function importEqualsRefusal(node: SyntaxNode, source: string): ErasureRefusal {
  const name = identifierName(nodeAt(node, 'id')) ?? 'name';
  const reference = nodeAt(node, 'moduleReference');
  const text = sourceOf(reference, source);
  if (reference?.type !== 'TSExternalModuleReference') {
    return {
      what: `import ${name} = ${oneLine(text)}`,
      instead: `Write \`const ${name} = ${oneLine(text)};\`.`,
    };
  }
  const path = sourceOf(nodeAt(reference, 'expression'), source);
  return { what: `import ${name} = ${oneLine(text)}`, instead: `Write \`import ${name} from ${path};\`.` };
}

/** Whether a namespace contains only types, so that it can be erased. */
function isOnlyTypes(node: SyntaxNode): boolean {
  if (node.declare === true || node.global === true) return true;
  const body = nodeAt(node, 'body');
  if (body === undefined) return true;
  return body.type === 'TSModuleDeclaration'
    ? isOnlyTypes(body)
    : nodesAt(body, 'body').every(isTypeStatement);
}

function isTypeStatement(node: SyntaxNode): boolean {
  if (node.declare === true) return true;
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') return true;
  if (node.type === 'TSModuleDeclaration') return isOnlyTypes(node);
  if (node.type !== 'ExportNamedDeclaration') return false;
  const declaration = nodeAt(node, 'declaration');
  return node.exportKind === 'type' || (declaration !== undefined && isTypeStatement(declaration));
}

function sourceOf(node: SyntaxNode | undefined, source: string): string {
  return node === undefined ? '…' : source.slice(node.start, node.end);
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
