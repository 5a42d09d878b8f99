// Definitions and references of the names and paths that TypeScript does not know: fields, links, anchors, parts, sections, session
// attributes.

import type {
  LanguageServer,
  LanguageServiceContext,
  LanguageServicePlugin,
  Location,
  LocationLink,
  Position,
} from '@volar/language-server';
import { URI } from 'vscode-uri';
import type { Engine } from './engine';
import { PageCode } from './page-code';
import { siteMapOf } from './site-map';
import { type FileRange, offsetIn, rangeIn } from './site-text';
import { type DeclaredField, TypedSite } from './typed-site';

type Navigation = InstanceType<Engine['SiteNavigation']>;
type FoundName = NonNullable<ReturnType<Navigation['nameAt']>>;

/** A request waits so long for pages that have not been read. */
const LONGEST_WAIT = 60_000;

/** A page with the navigation of its site. */
export interface NavigatedPage {
  readonly engine: Engine;
  readonly site: PageCode['site'];
  readonly navigation: Navigation;
  readonly types: TypedSite;
  readonly file: string;
  readonly isCode: (offset: number) => boolean;
}

export function navigation(server: LanguageServer): LanguageServicePlugin {
  return {
    name: 'karrigell-navigation',
    capabilities: { definitionProvider: true, referencesProvider: true },
    create: (context) => ({
      async provideDefinition(document, position) {
        const page =
          document.languageId === 'pih' ? await navigatedPage(document.uri, context, server) : undefined;
        return page && definitions(page, position);
      },
      async provideReferences(document, position) {
        const page =
          document.languageId === 'pih' ? await navigatedPage(document.uri, context, server) : undefined;
        return page && references(page, position);
      },
    }),
  };
}

interface Navigated {
  readonly navigation: Navigation;
  readonly site: PageCode['site'];
}

const navigations = new WeakMap<LanguageServiceContext, Navigated>();

/** The page of a document; undefined where no karrigell is installed. */
export async function navigatedPage(
  uri: string,
  context: LanguageServiceContext,
  server: LanguageServer,
): Promise<NavigatedPage | undefined> {
  const parsed = URI.parse(uri);
  const [source] = context.decodeEmbeddedDocumentUri(parsed) ?? [parsed];
  const page = context.language.scripts.get(source)?.generated?.root;
  if (!(page instanceof PageCode)) return undefined;
  const { engine, file, module } = page;
  const known = navigations.get(context) ?? {
    navigation: new engine.SiteNavigation(siteMapOf(page, context, server.documents)),
    site: page.site,
  };
  navigations.set(context, known);
  await known.navigation.map.update(LONGEST_WAIT);
  return {
    ...known,
    engine,
    types: new TypedSite(server, context),
    file,
    isCode: (offset) =>
      module.pieces.some((piece) => piece.source <= offset && offset <= piece.source + piece.length),
  };
}

async function definitions(page: NavigatedPage, position: Position): Promise<LocationLink[]> {
  const { navigation, file } = page;
  const { map } = navigation;
  const offset = offsetIn(map, file, position);
  const name = navigation.nameAt(file, offset);
  if (name !== undefined) {
    const places = [...navigation.otherSides(name), ...(await schemaPlaces(name, page))];
    return links(places.length > 0 ? places : receivers(name), name.range, page);
  }
  const anchor = navigation.anchorAt(file, offset);
  const sides = anchor === undefined ? [] : navigation.anchorSides(anchor);
  if (anchor !== undefined && sides.length > 0) return links(sides, anchor.range, page);
  const found = navigation.filesAt(file, offset);
  if (found !== undefined)
    return links(
      found.targets.map((target) => ({ file: target, start: 0, end: 0 })),
      found.range,
      page,
    );
  const declared = await schemaName(page, offset);
  return declared === undefined ? [] : links(navigation.otherSides(declared), declared.range, page);
}

async function references(page: NavigatedPage, position: Position): Promise<Location[]> {
  const { navigation, file, isCode } = page;
  const { map } = navigation;
  const offset = offsetIn(map, file, position);
  const name = navigation.nameAt(file, offset) ?? (await schemaName(page, offset));
  if (name !== undefined)
    return locations([...navigation.sameName(name), ...(await schemaPlaces(name, page))], page);
  const anchor = navigation.anchorAt(file, offset);
  if (anchor !== undefined) return locations(navigation.anchorUses(anchor), page);
  const found = navigation.filesAt(file, offset);
  if (found !== undefined)
    return locations(
      found.targets.flatMap((target) => navigation.usesOfFile(target)),
      page,
    );
  return isCode(offset) ? [] : locations(navigation.usesOfFile(file), page);
}

/** The places where the schemas of the pages that read a field name it. */
async function schemaPlaces(name: FoundName, { navigation, types }: NavigatedPage): Promise<FileRange[]> {
  const [use] = name.uses;
  if (use?.kind !== 'field' || name.uses.every(({ role }) => role === 'takes')) return [];
  const fields: DeclaredField[] = [];
  for (const call of navigation.schemasFor(name)) fields.push(...((await types.fieldsOf(call)) ?? []));
  return fields.filter((field) => field.name === use.name).flatMap(({ declared }) => declared);
}

/** The field that a schema names at an offset. */
export async function schemaName(
  { navigation, types, file }: NavigatedPage,
  offset: number,
): Promise<FoundName | undefined> {
  for (const [page, call] of navigation.schemasAround(file)) {
    for (const { name, declared } of (await types.fieldsOf(call)) ?? []) {
      const range = declared.find((each) => each.file === file && each.start <= offset && offset <= each.end);
      const sent = navigation.fieldOf(page, name).filter(({ role }) => role === 'gives');
      if (range !== undefined) return { range, uses: sent.map((use) => ({ ...use, role: 'takes' })) };
    }
  }
  return undefined;
}

/** The pages that receive a field that nothing reads by its name. */
function receivers({ uses }: FoundName): FileRange[] {
  const files = new Set(uses.map(({ receiver }) => receiver).filter((file) => file !== undefined));
  return [...files].map((file) => ({ file, start: 0, end: 0 }));
}

function links(
  places: readonly FileRange[],
  from: FileRange,
  { navigation: { map } }: NavigatedPage,
): LocationLink[] {
  const originSelectionRange = rangeIn(map, from);
  return places.map((place) => {
    const range = rangeIn(map, place);
    return {
      originSelectionRange,
      targetUri: URI.file(place.file).toString(),
      targetRange: range,
      targetSelectionRange: range,
    };
  });
}

function locations(places: readonly FileRange[], { navigation: { map } }: NavigatedPage): Location[] {
  return places.map((place) => ({ uri: URI.file(place.file).toString(), range: rangeIn(map, place) }));
}
