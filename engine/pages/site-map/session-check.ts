// Findings about session attributes that are read and never written, or written with two types (docs/describe.md).

import type { AttributeUse, SessionUses } from '../../compiler/outline/session-uses.ts';
import { warning } from '../../diagnostics/problem.ts';
import { nameOfFile, nearestHint, type SiteFindings } from './site-findings.ts';

/** The session attributes that one file uses. */
export interface FileSession extends SessionUses {
  readonly file: string;
}

/** Checks the session attributes of a whole site. */
export function checkSession(files: readonly FileSession[], root: string, findings: SiteFindings): void {
  const uses = files.flatMap(({ file, attributes }) => attributes.map((use) => ({ ...use, file })));
  const written = new Map<string, AttributeUse & { readonly file: string }>();
  for (const use of uses) {
    if (use.kind !== 'write') continue;
    const first = written.get(use.name);
    if (first === undefined || first.type === undefined) written.set(use.name, use);
    else if (use.type !== undefined && use.type !== first.type) {
      const { name, type, file, line, column } = use;
      const place = `${nameOfFile(root, first.file)}:${first.line}`;
      const params = { name, type: withArticle(type), other: withArticle(first.type), place };
      findings.warn(warning('session-attribute-types', { file, line, column, params }));
    }
  }
  // Code that gets the session may write anything.
  if (files.some(({ open }) => open !== undefined)) return;
  for (const { kind, name, file, line, column } of uses) {
    if (kind === 'write' || written.has(name)) continue;
    const params = { name, nearest: nearestHint(name, written.keys()) };
    findings.warn(warning('session-attribute-unwritten', { file, line, column, params }));
  }
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
