// Tells whether the last save has taken effect. Under `debug` every request reads the newest files, so a save takes effect unless a
// page that it reaches cannot be loaded.

import type { Problem } from '../../diagnostics/problem.ts';
import type { Pages } from '../../pages/index.ts';
import { nameOfFile } from '../../pages/site-map/site-findings.ts';
import { clock } from '../request-log.ts';
import type { SiteHistory } from './site-history.ts';

const MOST_NAMES = 5;

/**
 * The sentences about the last save of pages and modules.
 * @param errors the errors of pages that cannot be loaded
 */
export function saveText(
  { save }: SiteHistory,
  pages: Pages,
  errors: readonly Problem[],
  watch: boolean,
): string {
  const others =
    errors.length === 0
      ? 'Every page compiles.'
      : 'Pages that do not compile are answered with 500: see the errors.';
  if (!watch) return `Saves are not watched (watch: false). Each request reads the newest files. ${others}`;
  if (save === undefined) return `Nothing was saved since the start. ${others}`;
  const { root } = pages;
  const names = save.files.slice(0, MOST_NAMES).map((file) => nameOfFile(root, file));
  const more = save.files.length > MOST_NAMES ? ` and ${save.files.length - MOST_NAMES} more` : '';
  const saved = `Saved at ${clock(save.time)}: ${names.join(', ')}${more}.`;
  const reached = errorsReached(save.files, pages, errors);
  if (reached.length === 0) return `${saved} It has taken effect. ${others}`;
  const reasons = reached.map(
    ({ file = root, line = 1, column = 1, text }) => `\n${nameOfFile(root, file)}:${line}:${column} ${text}`,
  );
  return `${saved} It has not taken effect, because of ${reached.length === 1 ? 'an error' : 'errors'}:${reasons.join('')}`;
}

/** The sentences about the last reload of the configuration; undefined without one. */
export function reloadText({ reload }: SiteHistory): string | undefined {
  if (reload === undefined) return undefined;
  const saved = `The configuration, read again at ${clock(reload.time)},`;
  if (reload.refusal !== undefined)
    return `${saved} has not taken effect, the old settings stay:\n${reload.refusal}`;
  const { pending } = reload;
  const waits = pending.length === 0 ? '' : ` It waits for the next start with: ${pending.join(', ')}.`;
  return `${saved} has taken effect.${waits}`;
}

/** The errors in files that have a user in common with the saved files. */
function errorsReached(files: readonly string[], pages: Pages, errors: readonly Problem[]): Problem[] {
  if (errors.length === 0) return [];
  const users = pages.users();
  const saved = users.affectedBy(files);
  const isReached = (file: string) => [...users.affectedBy([file])].some((user) => saved.has(user));
  return errors.filter(({ file }) => file !== undefined && isReached(file));
}
