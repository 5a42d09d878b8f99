// Error codes of escaping: places in a page's HTML where no value can be safe, and HTML that hides where they are.

import { codes } from '../code-entry.ts';

export const escapingCodes = codes({
  'output-in-tag': {
    text: 'a value cannot stand here, {place}: it would choose the name of a tag or attribute',
    remedy:
      'Write the name in the page, and print the value in quotes behind `=`; with `<%- %>` you vouch for it yourself.',
  },
  'output-starts-tag': {
    text: 'a value behind `<` would become the name of a tag',
    remedy: 'Write `&lt;` if the character is meant, or write the tag’s name in the page.',
  },
  'output-in-declaration': {
    text: 'a value cannot stand here, {place}: nothing can be escaped in it',
    remedy: 'Move the value out of it.',
  },
  'branches-in-tag': {
    text: 'branches before this end at different places of a tag, so it is not clear what this goes on with',
    remedy: 'Put a blank between attributes, and write a whole attribute in one branch.',
  },
  'cdata-unclear': {
    text: 'a `>` inside this CDATA section ends it where HTML is read, but not in svg or math',
    remedy: 'Write the text without CDATA, with `&gt;` and `&lt;`.',
  },
  'self-closing-content': {
    text: 'this element is not closed by `/>` in HTML: what follows would be its content',
    remedy: 'Write an end tag.',
  },
});
