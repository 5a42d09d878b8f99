// Names of fields, sections and session attributes for the place of the cursor.

import { CompletionItemKind } from '@volar/language-server';
import type { OfferedText } from './offered-items';
import type { FieldNamePlace, NamePlace } from './offered-place';
import type { PageCode } from './page-code';
import type { SiteMap } from './site-map';

type OfferedName = ReturnType<PageCode['engine']['sessionAttributes']>[number];

/** Gives the fields of the schema of a call of Form, by the page and the offset of the call. */
export type SchemaFieldsOf = (file: string, start: number) => Promise<readonly string[]>;

/** The fields that the receiver of a form reads. */
export async function fieldNameItems(
  { action, taken }: FieldNamePlace,
  page: PageCode,
  map: SiteMap,
  schemaFields: SchemaFieldsOf,
): Promise<OfferedText[]> {
  const { fields, schemas } = page.engine.receivedFields(map, page.file, action);
  const details = new Map(fields.map(({ name, pages }) => [name, `read by ${pages.join(', ')}`]));
  for (const { file, start } of schemas)
    for (const name of await schemaFields(file, start))
      details.set(name, `in the schema of ${nameOf(file, page)}`);
  return [...details].map(([name, detail]) => ({
    label: name,
    text: name,
    kind: CompletionItemKind.Field,
    detail,
    rank: taken.has(name) ? 1 : 0,
  }));
}

function nameOf(file: string, { site }: PageCode): string {
  return file.slice(site.root.length).replaceAll('\\', '/');
}

/** The names that code may mean. */
export function nameItems(place: NamePlace, page: PageCode, map: SiteMap): OfferedText[] {
  return offeredNames(place, page, map)
    .filter(({ name }) => !place.known.has(place.form.kind === 'variable' ? `_${name}` : name))
    .flatMap((offered) => nameItem(offered, place));
}

interface DescribedName extends Pick<OfferedName, 'name'> {
  readonly detail: string;
}

function offeredNames({ kind }: NamePlace, { engine, file }: PageCode, map: SiteMap): DescribedName[] {
  const used =
    (word: string) =>
    ({ name, pages }: OfferedName) => ({
      name,
      detail: `${word} ${pages.join(', ')}`,
    });
  if (kind === 'attribute') return engine.sessionAttributes(map).map(used('session attribute of'));
  if (kind === 'param') return engine.paramNames(map, file).map(used('part of the URL of'));
  if (kind === 'section-set') return engine.sectionNames(map, file, 'set').map(used('shown by'));
  if (kind === 'section-shown') return engine.sectionNames(map, file, 'shown').map(used('set by'));
  return engine
    .sentFields(map, file)
    .filter(({ types }) => types.length === 0 || types.includes('file') === (kind === 'upload'))
    .map(({ name, types, pages }) => ({
      name,
      detail:
        types.length === 0 ? `sent by ${pages.join(', ')}` : `${types.join(', ')} of ${pages.join(', ')}`,
    }));
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const IDENTIFIER_REST = /^[\p{ID_Continue}$]+$/u;

/** Names that are no identifiers are written in brackets, and are no variables. */
function nameItem({ name, detail }: DescribedName, { form, range }: NamePlace): OfferedText[] {
  const kind = CompletionItemKind.Field;
  const offered = { kind, detail, rank: 0 };
  const quoted = JSON.stringify(name).replaceAll("'", "\\'").replace(/^"|"$/g, "'");
  switch (form.kind) {
    case 'variable':
      return IDENTIFIER_REST.test(name) ? [{ ...offered, label: `_${name}`, text: `_${name}` }] : [];
    case 'text':
      return [{ ...offered, label: name, text: name }];
    case 'pattern':
      return [{ ...offered, label: name, text: IDENTIFIER.test(name) ? name : `${quoted}: ` }];
    case 'member': {
      if (IDENTIFIER.test(name)) return [{ ...offered, label: name, text: name }];
      const inBrackets = { start: form.dot, end: range.end };
      return [{ ...offered, label: name, text: `[${quoted}]`, filter: `.${name}`, range: inBrackets }];
    }
  }
}
