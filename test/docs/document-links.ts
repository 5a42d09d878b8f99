// Finds links of Markdown documents that lead to no file or no heading.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The relative targets of a document's links. Code blocks and spans have none. */
export function linksOf(document: string): string[] {
  const text = readFileSync(document, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/i.test(target));
}

/** The fragments of a document's headings, made as GitHub makes them. */
function anchorsOf(document: string): string[] {
  const text = readFileSync(document, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ +(.*?) *$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsNowhere(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(file)) return true;
  return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
}

/** The dead links of documents, each as `path: target`. */
export function deadLinksIn(root: string, documents: readonly string[]): string[] {
  return documents.flatMap((document) =>
    linksOf(document)
      .filter((target) => leadsNowhere(document, target))
      .map((target) => `${relative(root, document)}: ${target}`),
  );
}
