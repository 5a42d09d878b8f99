// The table of escapers. Each escaper stands in the file of the language that it writes; escaper-for.ts chooses among
// them.

import * as css from './css-escapers.ts';
import { escapeAttribute, escapeComment, escapeRcdata, escapeWords } from './html-escapers.ts';
import { escapeJson, escapeJsonInAttribute, escapeJsonString } from './json-escapers.ts';
import { escapeJsString, escapeJsValue, escapeJsValueInAttribute } from './script-escapers.ts';
import * as srcset from './srcset-escapers.ts';
import { escapeText } from './text-escaper.ts';
import * as url from './url-escapers.ts';

/** The escapers by the names that compiled pages use. */
export const ESCAPERS = {
  text: escapeText,
  rcdata: escapeRcdata,
  attribute: escapeAttribute,
  url: url.escapeUrl,
  imageUrl: url.escapeImageUrl,
  urlPath: url.escapeUrlPath,
  urlSlash: url.escapeUrlSlash,
  urlComponent: url.escapeUrlComponent,
  urlOpaque: url.escapeUrlOpaque,
  urlBase64: url.escapeUrlBase64,
  srcset: srcset.escapeSrcset,
  srcsetUrl: srcset.escapeSrcsetUrl,
  srcsetPath: srcset.escapeSrcsetPath,
  srcsetSlash: srcset.escapeSrcsetSlash,
  srcsetDescriptor: srcset.escapeSrcsetDescriptor,
  cssValue: css.escapeCssValue,
  cssValueInAttribute: css.escapeCssValueInAttribute,
  cssString: css.escapeCssString,
  cssUrl: css.escapeCssUrl,
  cssUrlPath: css.escapeCssUrlPath,
  cssUrlSlash: css.escapeCssUrlSlash,
  cssUrlComponent: css.escapeCssUrlComponent,
  jsValue: escapeJsValue,
  jsValueInAttribute: escapeJsValueInAttribute,
  jsString: escapeJsString,
  json: escapeJson,
  jsonInAttribute: escapeJsonInAttribute,
  jsonString: escapeJsonString,
  comment: escapeComment,
  words: escapeWords,
} satisfies Record<string, (value: unknown) => string>;

export type EscaperName = keyof typeof ESCAPERS;
