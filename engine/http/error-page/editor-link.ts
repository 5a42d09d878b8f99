// Links that open a position of a file in the developer's editor (configuration key `editor`).

/** Editors with JetBrains' form of links; all others have that of VS Code. */
const JETBRAINS: ReadonlySet<string> = new Set([
  'idea',
  'webstorm',
  'phpstorm',
  'pycharm',
  'goland',
  'rider',
]);

/** The link to a position; undefined if no editor is configured. Lines and columns count from 1. */
export function editorLink(
  editor: string | null,
  file: string,
  line: number,
  column: number,
): string | undefined {
  if (editor === null || !/^[a-z][a-z0-9+.-]*$/i.test(editor)) return undefined;
  const path = file.replace(/\\/g, '/').split('/').map(encodeURIComponent).join('/').replace(/%3A/g, ':');
  if (JETBRAINS.has(editor)) return `${editor}://open?file=${path}&line=${line}&column=${column}`;
  return `${editor}://file${path.startsWith('/') ? '' : '/'}${path}:${line}:${column}`;
}
