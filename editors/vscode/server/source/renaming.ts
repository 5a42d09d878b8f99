// Renames the names that pages share: fields, sections and session attributes, with the types that name them. All other names are
// TypeScript's. A renaming that cannot be complete is refused, with the reason as the error of the request.

import type { LanguageServer, Position, RenameParams, WorkspaceEdit } from '@volar/language-server';
// The class of the connection: the other entry of the package has one of another version.
import { ResponseError } from '@volar/language-server/node';
import { URI } from 'vscode-uri';
import type { Engine } from './engine';
import type { Failures } from './failures';
import { type NavigatedPage, navigatedPage, schemaName } from './navigation';
import { type FileRange, offsetIn, rangeIn } from './site-text';
import type { TypedPlace } from './typed-site';

type NameRenaming = InstanceType<Engine['Renaming']>;
type NameUse = NameRenaming['uses'][number];

/** A name with all its places. */
interface SharedName {
  readonly page: NavigatedPage;
  readonly range: FileRange;
  readonly renaming: NameRenaming;
  /** The places in schemas and types. */
  readonly typed: readonly TypedPlace[];
}

/** A message for the user. */
class Refusal extends Error {}

/** Answers renaming. Comes after the language server has registered its own answers. */
export function registerRenaming(server: LanguageServer, failures: Failures): void {
  const refusing = <T>(answer: () => Promise<T>) =>
    failures.attemptAsync('renaming', () => withRefusal(answer)).then((found) => found ?? null);
  server.connection.onPrepareRename(({ textDocument: { uri }, position }) =>
    refusing(async () => {
      const shared = await sharedName(server, uri, position);
      if (shared !== undefined) {
        const { range, page, renaming } = shared;
        return { range: rangeIn(page.navigation.map, range), placeholder: renaming.name };
      }
      const service = await server.project.getLanguageService(URI.parse(uri));
      const range = await service.getRenameRange(URI.parse(uri), position);
      if (range !== undefined && 'message' in range) throw new Refusal(range.message);
      return range ?? null;
    }),
  );
  server.connection.onRequest(
    'textDocument/rename',
    ({ textDocument: { uri }, position, newName }: RenameParams) =>
      refusing(async () => {
        const shared = await sharedName(server, uri, position);
        if (shared !== undefined) return editsOf(shared, newName);
        const service = await server.project.getLanguageService(URI.parse(uri));
        return (await service.getRenameEdits(URI.parse(uri), position, newName)) ?? null;
      }),
  );
}

/** A refusal is the error of the request. */
async function withRefusal<T>(answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Refusal) throw new ResponseError(REQUEST_FAILED, error.message);
    throw error;
  }
}

/** The protocol's code for a request that was understood and cannot be done. */
const REQUEST_FAILED = -32803;

/** The name at a position; undefined if it is one that only TypeScript knows. */
async function sharedName(
  server: LanguageServer,
  uri: string,
  position: Position,
): Promise<SharedName | undefined> {
  const { context } = await server.project.getLanguageService(URI.parse(uri));
  const page = await navigatedPage(uri, context, server);
  if (page === undefined) return undefined;
  const { navigation, file, engine } = page;
  const offset = offsetIn(navigation.map, file, position);
  const found = navigation.nameAt(file, offset) ?? (await typedName(page, offset));
  if (found === undefined) {
    refuseDeclared(page, offset);
    const known = new Set<string>();
    while (await addUsers(page.types.renamePlaces(file, offset), known, page));
    return undefined;
  }
  const { uses, typed } = await completed(found.uses, page);
  const renaming = new engine.Renaming(navigation, uses);
  const reason = renaming.refusal;
  if (reason !== undefined) throw new Refusal(`'${renaming.name}' cannot be renamed: ${reason}`);
  return { page, range: found.range, renaming, typed };
}

/** TypeScript would rename the places in the page and drop the declaration, which is no text of the page. */
function refuseDeclared(
  { navigation: { map }, types, file, isCode, engine }: NavigatedPage,
  offset: number,
): void {
  if (!isCode(offset) || !types.isDeclaredByCompiler(file, offset)) return;
  const range = types
    .renamePlaces(file, offset)
    .find((place) => place.file === file && place.start <= offset && offset <= place.end);
  const name = range === undefined ? '' : map.text(file).slice(range.start, range.end);
  const isParam = engine.paramNames(map, file).some((param) => param.name === name);
  throw new Refusal(
    isParam
      ? `'${name}' cannot be renamed: it is a part of the path ${file.slice(map.root.length)}. Rename the file or folder, then the name in its code`
      : `'${name}' cannot be renamed: it is a name of karrigell`,
  );
}

/** The shared name whose type stands at an offset. */
async function typedName(
  page: NavigatedPage,
  offset: number,
): Promise<{ readonly range: FileRange; readonly uses: readonly NameUse[] } | undefined> {
  const { navigation, types, file, isCode } = page;
  if (!isCode(offset)) return undefined;
  const places = types.renamePlaces(file, offset);
  const range = places.find((place) => place.file === file && place.start <= offset && offset <= place.end);
  if (range === undefined) return undefined;
  for (const place of places) {
    const uses = navigation.nameAt(place.file, place.start)?.uses ?? (await fieldsDeclaredAt(place, page));
    if (uses.length > 0) return { range, uses };
  }
  const own = await schemaName(page, offset);
  return own === undefined || own.uses.length === 0 ? undefined : { range: own.range, uses: own.uses };
}

/** The uses of the field that a schema names at a place, in all pages that have the schema. */
async function fieldsDeclaredAt(place: FileRange, page: NavigatedPage): Promise<readonly NameUse[]> {
  const { navigation, types, engine, site } = page;
  const uses: NameUse[] = [];
  for (const user of engine.usersOf(site, [place.file]))
    for (const [receiver, call] of navigation.schemasAround(user))
      for (const { name, declared } of (await types.fieldsOf(call)) ?? [])
        if (declared.some((each) => each.file === place.file && each.start === place.start))
          uses.push(...navigation.fieldOf(receiver, name));
  return uses;
}

/** All uses that belong together with these, by pages and by types. */
async function completed(
  seeds: readonly NameUse[],
  page: NavigatedPage,
): Promise<{ readonly uses: readonly NameUse[]; readonly typed: readonly TypedPlace[] }> {
  const { navigation, engine, types } = page;
  /** Pages that are not open become part of the program here. */
  const known = new Set<string>();
  let uses = seeds;
  for (;;) {
    const renaming = new engine.Renaming(navigation, uses);
    const typed = new Map<string, TypedPlace>();
    const starts = [...(await declaredIn(renaming, page)), ...attributeRanges(renaming.uses, navigation)];
    await addUsers(starts, known, page);
    for (const start of starts) {
      for (const place of types.renamePlaces(start.file, start.start))
        typed.set(`${place.file}:${place.start}`, place);
    }
    if (await addUsers([...typed.values()], known, page)) continue;
    const more: NameUse[] = [];
    for (const place of typed.values()) {
      const found = navigation.nameAt(place.file, place.start);
      more.push(...(found?.uses ?? []).filter(({ kind }) => kind === renaming.uses[0]?.kind));
      if (renaming.uses[0]?.kind === 'field') more.push(...(await fieldsDeclaredAt(place, page)));
    }
    const all = new engine.Renaming(navigation, [...renaming.uses, ...more]);
    if (all.uses.length === renaming.uses.length) return { uses: all.uses, typed: [...typed.values()] };
    uses = all.uses;
  }
}

/** Adds the users of files to the program. @returns whether there were any that it did not have */
async function addUsers(
  places: readonly FileRange[],
  known: Set<string>,
  page: NavigatedPage,
): Promise<boolean> {
  const files = new Set(places.map(({ file }) => file).filter((file) => !known.has(file)));
  if (files.size === 0) return false;
  const users = typeUsers([...files], page).filter((user) => !known.has(user));
  for (const file of [...files, ...users]) known.add(file);
  for (const user of users) await page.types.add(user);
  return users.length > 0;
}

/** The files whose types depend on one of these. A page that imports only types depends on no module when it runs. */
function typeUsers(files: readonly string[], { engine, site, navigation: { map } }: NavigatedPage): string[] {
  const importers = files.every((file) => file.endsWith('.pih'))
    ? []
    : map.files.pages.filter((file) => /\bimport\b/.test(map.text(file)));
  return [...new Set([...engine.usersOf(site, files), ...importers])];
}

/** The places where schemas name a field. */
async function declaredIn(
  renaming: NameRenaming,
  { navigation, types }: NavigatedPage,
): Promise<FileRange[]> {
  if (renaming.uses[0]?.kind !== 'field') return [];
  const found: FileRange[] = [];
  for (const call of navigation.schemasFor(renaming)) {
    const fields = await types.fieldsOf(call);
    const place = `${call.file.slice(navigation.map.root.length)}:${call.line}`;
    if (fields === undefined)
      throw new Refusal(`'${renaming.name}' cannot be renamed: the fields of Form in ${place} are not known`);
    const own = fields.filter(({ name }) => name === renaming.name);
    if (own.some(({ declared }) => declared.length === 0))
      throw new Refusal(
        `'${renaming.name}' cannot be renamed: the schema of Form in ${place} has the name from code that is not of this site`,
      );
    found.push(...own.flatMap(({ declared }) => declared));
  }
  return found;
}

/** The members that types may declare. A literal with the name of one may be any text for TypeScript. */
function attributeRanges(uses: readonly NameUse[], navigation: NavigatedPage['navigation']): FileRange[] {
  return uses
    .filter(({ kind, isShorthand }) => kind === 'session attribute' && !isShorthand)
    .flatMap((use) => navigation.rangesOf(use).filter(({ start }) => start === use.offset));
}

function editsOf({ page, renaming, typed }: SharedName, newName: string): WorkspaceEdit {
  const reason = renaming.refusalOf(newName);
  if (reason !== undefined) throw new Refusal(`'${renaming.name}' cannot be renamed: ${reason}`);
  const edits = renaming.edits(newName);
  const isEdited = ({ file, start, end }: FileRange) =>
    edits.some((edit) => edit.file === file && edit.start < end && start < edit.end);
  const others = typed
    .filter((place) => !isEdited(place))
    .map(({ prefix, suffix, ...range }) => ({ ...range, text: prefix + newName + suffix }));
  const all = [...edits, ...others];
  if (typed.length > 0) refuseErrors(all, page, renaming.name, newName);
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const { file, text, ...range } of all) {
    const uri = URI.file(file).toString();
    changes[uri] = [
      ...(changes[uri] ?? []),
      { range: rangeIn(page.navigation.map, { file, ...range }), newText: text },
    ];
  }
  return { changes };
}

/** Types see uses that neither pages nor TypeScript's own renaming know, such as `form.error('email')`. */
function refuseErrors(
  edits: readonly (FileRange & { readonly text: string })[],
  page: NavigatedPage,
  from: string,
  to: string,
): void {
  const { map } = page.navigation;
  const texts = new Map<string, string>();
  for (const { file, start, end, text } of edits.toSorted((a, b) => b.start - a.start)) {
    const before = texts.get(file) ?? map.text(file);
    texts.set(file, before.slice(0, start) + text + before.slice(end));
  }
  const [error] = page.types.newErrors(texts, typeUsers([...texts.keys()], page), from, to);
  if (error === undefined) return;
  const place = `${error.file.slice(map.root.length)}:${error.line}`;
  throw new Refusal(`'${from}' cannot be renamed: ${place} would not fit its types any more (${error.text})`);
}
