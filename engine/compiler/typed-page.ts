// Page source → a TypeScript module to be type-checked: the page's path through the first three phases, another emitter.

import { overlay } from './1-scan/overlay.ts';
import { scan } from './1-scan/segments.ts';
import { parseTypeScript } from './2-parse/index.ts';
import { analyse } from './3-analyse/index.ts';
import { type TypedPage, type TypedPlace, typedPage } from './4-emit/typed.ts';
import { withinStack } from './depth.ts';

/**
 * The typed module of a page.
 * @param file the name that errors give
 * @param place what the module refers to
 * @throws Problem for a page that does not compile
 */
export function typePage(source: string, file: string, place: TypedPlace): TypedPage {
  const segments = scan(source, file);
  const layer = overlay(source, segments);
  const { tree, typed } = parseTypeScript(layer.code, { file, page: true });
  const subject = { source, file, segments, overlay: layer, tree };
  return withinStack(typed, { source, file }, () =>
    typedPage({ subject, analysis: analyse(subject), typed, place }),
  );
}
