// Links that open a place of a file in the developer's editor (configuration key `editor`).

/** How an editor wants to be told: most take VS Code's form, JetBrains' editors their own. */
const JETBRAINS: ReadonlySet<string> = new Set([
  'idea',
  'webstorm',
  'phpstorm',
  'pycharm',
  'goland',
  'rider',
]);

/** The link for a place; undefined when no editor is configured. */
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
