// The shape of `static`: the options of serve-handler that are safe. The others would rewrite, redirect, list or move
// the root, and so bypass the guard of static files; its `etag` reads whole files and would differ from the ETag of
// conditional requests.

import type { JsonSchema, Shape } from './setting-shape.ts';

const text: JsonSchema = { type: 'string', minLength: 1 };

/** Refused options of serve-handler, each with its effect. */
export const REFUSED_STATIC_OPTIONS: Readonly<Record<string, string>> = {
  public: 'move the root',
  cleanUrls: 'redirect past the rules for URLs',
  rewrites: 'serve files under other names',
  redirects: 'redirect past the rules for URLs',
  directoryListing: 'list folders',
  unlisted: 'change the listing of folders',
  trailingSlash: 'redirect past the rules for URLs',
  renderSingle: 'serve a file for its folder',
  symlinks: 'serve files outside the root',
  etag: 'disagree with the ETag that is there already',
};

/** The shape of `static`. */
export const staticShape: Shape<Readonly<Record<string, unknown>>> = {
  schema: {
    type: 'object',
    properties: {
      headers: {
        type: 'array',
        description: 'Extra headers for the static files that match.',
        items: {
          type: 'object',
          required: ['source', 'headers'],
          additionalProperties: false,
          properties: {
            source: { ...text, maxLength: 1000, description: 'A glob, such as "**/*.woff2".' },
            headers: {
              type: 'array',
              items: {
                type: 'object',
                required: ['key', 'value'],
                additionalProperties: false,
                properties: {
                  key: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
                  value: { type: ['string', 'null'], pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' },
                },
              },
            },
          },
        },
      },
    },
    additionalProperties: false,
  },
  expected: 'an object with "headers"',
};
