// Error codes of the compiler: errors and warnings about pages and modules.

import type { CodeTable } from '../code-entry.ts';

export const compileCodes = {
  syntax: {
    text: '{problem}',
    remedy: 'Check the code around this place.',
  },
  'unclosed-bracket': {
    text: "this '{bracket}' is not closed before {end}",
    remedy: 'Close it; in a page, a later block may do so.',
  },
  'unexpected-close': {
    text: "this '{bracket}' closes nothing that is open",
    remedy: 'Remove it, or open what it should close.',
  },
  'too-deep': {
    text: 'this code is nested too deeply{levels}',
    remedy: 'Put an inner part into a function, a variable or a module of its own.',
  },
  'not-in-this-node': {
    text: 'Node {version} does not understand this: {reason}',
    remedy: 'Write it with older syntax, or run the site with a newer Node.',
  },
  'cast-regroups': {
    text: 'without its type, this expression is grouped differently, because the operator after it binds tighter',
    remedy: 'Put the expression and its type in parentheses: `(a + b as number) / 100`.',
  },
  'html-comment-in-code': {
    text: '`<!--` begins a comment when this code runs, but is no comment by the rules of modules',
    remedy: 'Write `< !--x` for the operators; for a comment, `//` or `/* */`.',
  },
  'not-erasable': {
    text: '{what} cannot be used: only TypeScript that can be erased runs, as in Node itself',
    remedy: '{instead}',
  },
  'erased-syntax': {
    text: 'the code that is left here after erasing its types is not JavaScript: {problem}',
    remedy:
      'Check the types around this place. If they are right, this is an error of the compiler: please report it.',
  },
  'import-assigned': {
    text: '{name} is imported: only its own module can assign it',
    remedy: 'Export a function from that module that changes it, and call that.',
  },
  'page-name-in-module': {
    text: '{name} belongs to a page: a module runs once, for all requests, and has no {name}',
    remedy: 'Pass the value from the page as an argument.',
  },
  'page-kind': {
    text: 'a page prints HTML, or plain text if its name ends in .txt.pih, but the name of this one ends in .{ending}.pih',
    remedy:
      'Take .{ending} out of the name of the page, and let it send the content instead of printing it: `<% {code} %>`.',
  },
  'markup-in-text': {
    text: '{name} cannot be used in a text page, which prints values as they are',
    remedy:
      'Print the value itself; for markup use a page whose name does not end in .txt.pih. `await Render(…)` gives the output of a page of the other kind.',
  },
  'before-prints': {
    text: '{what} stands in a _before.pih, which runs before its pages and prints nothing',
    remedy:
      'Put values on LOCALS and print them in the pages. To answer in place of the page, call redirect() or RESPONSE.send(), or throw HttpError.',
  },
  'before-empty': {
    text: 'this _before.pih has no code, so it would let every request pass',
    remedy: 'Write its code, or delete the file if its folder needs no guard.',
  },
  'unclosed-tag': {
    text: 'this `<%` is not closed{inside}',
    remedy:
      'End the block with `%>`. A `%>` inside a string, a template literal or a `/* */` comment does not end it.',
  },
  'empty-output': {
    text: 'there is no expression between `<%=` and `%>`',
    remedy: 'Write a value to print, or remove the tag.',
  },
  'trim-mark': {
    text: '`_%>` does not end a tag',
    remedy: 'Write `-%>`, which removes the line break after the tag, or a blank after a variable `_`.',
  },
  'statement-in-output': {
    text: "`<%=` prints one expression, which cannot contain '{token}'",
    remedy: 'Write statements in a tag of their own, `<% … %>`, and omit a semicolon at the end.',
  },
  'markup-in-code': {
    text: '{what} cannot stand inside `<% … %>`',
    remedy: 'End the block with `%>` before it, and begin another one behind it.',
  },
  'text-before-continuation': {
    text: 'something stands between the `}` before this and `{keyword}`, where nothing can be printed',
    remedy: 'Move it into the braces: before the `}` or after the `{`.',
  },
  'value-unused': {
    text: 'this value is neither printed nor used',
    remedy: 'Write `<%= … %>` to print it.',
  },
  'error-not-thrown': {
    text: 'HttpError(…) creates an error that is not thrown, so the page goes on',
    remedy: 'Write `throw HttpError(…)`.',
  },
  'late-print': {
    text: 'this asynchronous function is not awaited: its output after an `await` comes too late and is lost',
    remedy: 'Write `for (const x of list) { … }` instead of `list.forEach(…)`, or await the call.',
  },
  'param-missing': {
    text: 'PARAMS.{name} is always undefined, because the name of this page has no [{name}]',
    remedy: 'Rename the page (`[{name}].pih`), or read QUERY.{name}.',
  },
  'unfinished-code': {
    text: 'the code is not finished where its tag ends',
    remedy: 'Complete the expression or statement before the `%>`.',
  },
  'braceless-body': {
    text: 'the HTML after this `{keyword}` has no braces around it, so it would be printed in every case',
    remedy: 'Write braces around the HTML: `<% {keyword} (…) { %> … <% } %>`.',
  },
  'export-in-page': {
    text: 'a page exports nothing',
    remedy: 'Move what other pages share into a module (`_data/cart.ts`) and import it.',
  },
  'assigned-name': {
    text: '{name} cannot be assigned',
    remedy: 'Use a variable with another name.',
  },
  'include-not-awaited': {
    text: 'the included page {path} is asynchronous (it awaits something)',
    remedy: "Write `await Include('{path}')`.",
  },
  'output-promise': {
    text: 'a Promise has no text: its value is not there yet',
    remedy: 'Write `await` before it.',
  },
  'output-function': {
    text: 'a {kind} has no text',
    remedy: 'Call the function, or print a property.',
  },
  'output-object': {
    text: 'an object has no text',
    remedy: 'Print one of its fields, or JSON.stringify it.',
  },
} as const satisfies CodeTable;
