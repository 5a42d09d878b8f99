// Page source → a TypeScript module to be type-checked: the page's path through the first two phases, its names,
// another emitter. What the compiler refuses in the page is left to it: types are checked all the same.

import { overlay } from './1-scan/overlay.ts';
import { scan } from './1-scan/segments.ts';
import { parseTypeScript } from './2-parse/index.ts';
import { namesOf } from './3-analyse/index.ts';
import { type TypedPage, type TypedPlace, typedPage } from './4-emit/typed.ts';
import { withinStack } from './depth.ts';

/**
 * The typed module of a page.
 * @param file the name that errors give
 * @param place what the module refers to
 * @throws Problem for a page that does not parse
 */
export function typePage(source: string, file: string, place: TypedPlace): TypedPage {
  const segments = scan(source, file);
  const layer = overlay(source, segments);
  const { tree, typed } = parseTypeScript(layer.code, { file, page: true });
  return withinStack(typed, { source, file }, () =>
    typedPage({
      subject: { source, segments, overlay: layer },
      names: namesOf({ source, tree }),
      typed,
      place,
    }),
  );
}
