// Error codes of escaping: outputs in contexts in which no value is safe, and HTML whose context is ambiguous.

import type { CodeTable } from '../code-entry.ts';

export const escapingCodes = {
  'output-in-tag': {
    text: 'a value cannot stand here, {place}: it would choose the name of a tag or attribute',
    remedy:
      'Write the name in the page, and print the value in quotes after `=`. With `<%- %>` the value is printed as it is: then you are responsible for its safety.',
  },
  'output-starts-tag': {
    text: 'a value after `<` would become the name of a tag',
    remedy: 'Write `&lt;` if the character is meant, or write the tag’s name in the page.',
  },
  'output-in-declaration': {
    text: 'a value cannot stand here, {place}: nothing can be escaped in it',
    remedy: 'Move the value out of it.',
  },
  'branches-in-tag': {
    text: 'branches before this end at different positions of a tag, so the meaning of what follows is ambiguous',
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
  'output-in-verbatim': {
    text: 'a value cannot stand here, {place}: browsers decode nothing in it, so nothing can be escaped',
    remedy: 'Use another element, such as `<pre>` or `<template>`.',
  },
  'output-in-regexp': {
    text: 'a value cannot stand here, {place}',
    remedy: 'Write `new RegExp(<%= … %>)`.',
  },
  'output-after-backslash': {
    text: 'a value cannot stand after a backslash, which would change its first character',
    remedy: 'Write the backslash twice, or remove it.',
  },
  'output-in-script-comment': {
    text: 'a value cannot stand here: a `<!--` before it in this script hides where the script ends',
    remedy: 'Remove the `<!--`; in a string write `\\x3C!--`.',
  },
  'output-in-unclear-script': {
    text: 'a value cannot stand here, {place}: the script before it is ambiguous (such as a slash after `}`)',
    remedy:
      'Put the value into a variable at the start of the script, before anything else, or into a script of its own.',
  },
  'output-in-srcdoc': {
    text: 'a value cannot stand in srcdoc, because it holds a whole page, in which values would have to be escaped twice',
    remedy: 'Use `src` with the URL of a page that prints the value.',
  },
  'output-decides': {
    text: 'a value cannot stand here, {place}: it would decide what the element is',
    remedy: 'Write the attribute’s value in the page; branches may choose between elements.',
  },
  'output-animated': {
    text: 'a value cannot stand here, {place}: it could animate the target of a link',
    remedy: 'Write `attributeName` before it, with the name of an attribute that holds no URL.',
  },
  'output-before-values': {
    text: 'a value cannot stand here, {place}: htmx would run a value that begins with `js:` as code',
    remedy: 'Begin the attribute with `{` in the page and print values inside, such as `{"name": <%= … %>}`.',
  },
  'output-without-literal': {
    text: 'a value cannot stand here, {place}: a framework evaluates it in a language that has no safe literals',
    remedy: 'Print the value into a `data-` attribute, and let the code read it from there.',
  },
  'output-in-noscript': {
    text: 'a value cannot stand here: a `</noscript` before it, inside a tag, a comment or a string, ends the element where scripts are on',
    remedy:
      'Write `&lt;/noscript` in an attribute; take it out of a comment; in a script write `\\x3C/noscript`.',
  },
  'output-before-url': {
    text: 'a value cannot stand before the URL of a meta refresh',
    remedy: 'Write the seconds in the page, or use `redirect()`.',
  },
  'output-after-scheme': {
    text: 'a value cannot stand after this scheme of a URL, because no encoding makes it safe there',
    remedy:
      'Use http, https, mailto, tel or sms; for a script use an event listener and a `data-` attribute.',
  },
  'scheme-from-data': {
    text: 'a colon after a value would make the value the scheme of the URL',
    remedy: 'Print the whole URL as one value, or write the scheme in the page.',
  },
  'refresh-after-content': {
    text: 'http-equiv="refresh" behind a `content` that prints a value: it was not taken for a URL',
    remedy: 'Write `http-equiv` before `content`.',
  },
  'script-type-branches': {
    text: 'a second type of a script, behind one that only some branches write',
    remedy: 'Write one whole type in each branch.',
  },
  'comment-around-output': {
    text: 'the comment ends here only if a value before this is empty',
    remedy: 'Put a blank between the value and the dashes.',
  },
  'tag-around-output': {
    text: 'if the value is empty, a tag or comment begins before it and goes on after it',
    remedy: 'In a script write `\\x3C` for the `<`.',
  },
  'content-ends-early': {
    text: 'this end tag ends the element inside a string, a comment or a regular expression',
    remedy: 'Write `<\\/script` in a script, `<\\/style` in a style.',
  },
  'foreign-content': {
    text: 'inside svg, math or select this element may not contain `<` or a reference: browsers read it in two ways',
    remedy: 'Move the element out, or write it without these characters.',
  },
  'reference-cut': {
    text: 'a character reference must not be cut by a tag of the page',
    remedy: 'Write `&amp;` if the `&` itself is meant, or keep the reference in one piece.',
  },
  'unquoted-value': {
    text: 'an attribute without quotes, part of which is printed, contains a quote, `<`, a backtick or a leading `=`',
    remedy: 'Put quotes around the attribute’s value.',
  },
  'script-value': {
    text: '{path} is {kind}, which has no literal in {language}',
    remedy: 'Print strings, numbers, arrays, plain objects, or something with a toJSON method.',
  },
  'html-template': {
    text: 'html was not called with a template, expected: html`…` with markup and valid escape sequences',
    remedy:
      'Write the backticks directly behind html, with the values inside; the text of a variable is printed by itself.',
  },
  'template-unfinished': {
    text: 'an html template ends {place}, expected: in element text',
    remedy: 'Close the tag, attribute or element in the same template.',
  },
  'attrs-not-here': {
    text: 'form.attrs() stands {place}, expected the tag of an <input>, <select>, <textarea> or <option>',
    remedy: 'Write it inside the tag of a form field, before an attribute or the closing `>`.',
  },
  'attrs-foreign': {
    text: 'the value that is printed as attributes is no result of form.attrs(), but {what}',
    remedy:
      "Call attrs of the object that `await Form(schema)` returned: `<input <%= form.attrs('email') %>>`.",
  },
} as const satisfies CodeTable;
