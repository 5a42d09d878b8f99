// The description of a site as text.

import { printableLines } from '../../diagnostics/printable.ts';
import type { DescribedPage, SiteDescription } from './site-description.ts';

/** Marks a heading. */
type Paint = (style: 'bold', text: string) => string;

/** One paragraph for each page, and one for the session attributes. */
export function descriptionText({ pages, session_attributes }: SiteDescription, colour: Paint): string {
  const shown = pages.map((page) => pageText(page, colour));
  const attributes = session_attributes.map(({ name, read_in, written_in }) => {
    const places = (uses: readonly { readonly file: string; readonly line: number }[]) =>
      listed(uses.map(({ file, line }) => `${file}:${line}`));
    return `  ${name}: written in ${places(written_in)}; read in ${places(read_in)}`;
  });
  const session =
    attributes.length === 0 ? [] : [`${colour('bold', 'Session attributes')}\n${attributes.join('\n')}`];
  return `${printableLines([...shown, ...session].join('\n\n'))}\n`;
}

function pageText(page: DescribedPage, colour: Paint): string {
  const { file, url, parts, guards, forms, links, redirects, reads, params, session } = page;
  const lines: (readonly [string, readonly string[]])[] = [
    ['parts', parts],
    ['guards', guards],
    ['parameters', params],
    ['reads', [...names(reads), ...(page.reads_others ? ['others'] : [])]],
    ...forms.map((form) => ['form', [formText(form)]] as const),
    ['links', [...new Set(links.map(({ to }) => to))]],
    ['redirects', [...new Set(redirects.map(({ to }) => to))]],
    [
      'session',
      [...session.reads.map((name) => `reads ${name}`), ...session.writes.map((name) => `writes ${name}`)],
    ],
  ];
  const shown = lines
    .filter(([, items]) => items.length > 0)
    .map(([title, items]) => `  ${title}: ${items.join(', ')}`);
  const changes = page.changes_on_get ? ['  a GET request may change something'] : [];
  return [`${colour('bold', url ?? file)}${url === null ? '' : `  ${file}`}`, ...shown, ...changes].join(
    '\n',
  );
}

function formText({ methods, actions, pages, fields, open, line }: DescribedPage['forms'][number]): string {
  const sent = fields.map(
    ({ names: own, types, required }) =>
      `${own.join('|')} (${types.join('|')}${required ? ', required' : ''})`,
  );
  const target = pages.length > 0 ? pages.join(', ') : actions.join(', ');
  return `line ${line}, ${methods.join('|')} to ${target}: ${listed([...sent, ...(open ? ['others'] : [])])}`;
}

function names(uses: readonly { readonly name: string }[]): string[] {
  return [...new Set(uses.map(({ name }) => name))];
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : [...new Set(items)].join(', ');
}
