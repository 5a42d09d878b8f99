// The errors of parse5's tokenizer that a page can have, in words. Errors of the doctype are none here: a page may be a part of a
// document. Nor are errors in the number of a reference (`&#…;`): the number may be a value that is printed.

export const namesOfTokenErrors: ReadonlyMap<string, string> = new Map([
  ['missing-whitespace-between-attributes', 'there is no space between two attributes'],
  ['unexpected-character-in-attribute-name', 'a quote or < stands in the name of an attribute'],
  ['unexpected-character-in-unquoted-attribute-value', 'a quote, <, = or ` stands in a value without quotes'],
  ['unexpected-equals-sign-before-attribute-name', 'a = stands before the name of an attribute'],
  ['unexpected-solidus-in-tag', 'a / stands in the tag'],
  ['missing-attribute-value', 'an attribute has = and no value'],
  ['missing-end-tag-name', '</> has no name'],
  ['end-tag-with-attributes', 'an end tag has attributes'],
  ['end-tag-with-trailing-solidus', 'an end tag ends in />'],
  ['eof-in-tag', 'the page ends inside a tag'],
  ['eof-in-comment', 'the page ends inside a comment'],
  ['abrupt-closing-of-empty-comment', 'a comment is closed before its text'],
  ['incorrectly-closed-comment', 'a comment is closed by --!>'],
  ['incorrectly-opened-comment', '<! begins no comment'],
  ['missing-semicolon-after-character-reference', 'a reference such as &nbsp; has no semicolon'],
  ['cdata-in-html-content', '<![CDATA[ is a comment outside of SVG and MathML'],
  ['nested-comment', 'a comment begins inside a comment'],
  ['invalid-first-character-of-tag-name', 'a < stands before a character that begins no tag'],
  ['unexpected-question-mark-instead-of-tag-name', '<? begins no tag'],
  ['non-void-html-element-start-tag-with-trailing-solidus', '/> does not close this element'],
]);
