// Error codes of the compiler: what it refuses in a page or module, and what it warns of.

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
    text: 'the type behind this expression holds it together: without it, the operator that follows binds tighter',
    remedy: 'Put the expression and its type in parentheses: `(a + b as number) / 100`.',
  },
  'html-comment-in-code': {
    text: '`<!--` begins a comment where this code runs, and is no comment by the rules of modules',
    remedy: 'Write `< !--x` for the operators; for a comment, `//` or `/* */`.',
  },
  'not-erasable': {
    text: '{what} cannot be used: only TypeScript that can be erased runs, as in Node itself',
    remedy: '{instead}',
  },
  'erased-syntax': {
    text: 'what is left here without its types is not JavaScript: {problem}',
    remedy:
      'Check the types around this place. If they are right, this is an error of the compiler: please report it.',
  },
  'import-assigned': {
    text: '{name} is imported: only its own module can give it another value',
    remedy: 'Export a function from that module that changes it, and call that.',
  },
  'page-name-in-module': {
    text: '{name} belongs to a page: a module runs once, for all requests, and has no {name}',
    remedy: 'Pass the value from the page as an argument.',
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
    text: '`_%>` is no end of a tag',
    remedy: 'Write `-%>`, which takes the line break behind the tag away, or a blank behind a variable `_`.',
  },
  'statement-in-output': {
    text: "`<%=` prints one expression, and '{token}' cannot stand in it",
    remedy: 'Write statements in a tag of their own, `<% … %>`, and leave a semicolon at the end out.',
  },
  'markup-in-code': {
    text: '{what} cannot stand inside `<% … %>`',
    remedy: 'End the block with `%>` before it, and begin another one behind it.',
  },
  'text-before-continuation': {
    text: 'something would be printed between the `}` before this and `{keyword}`, where nothing can be',
    remedy: 'Move it into the braces, before the `}` or behind the `{`.',
  },
  'value-unused': {
    text: 'this value is neither printed nor used',
    remedy: 'Write `<%= … %>` to print it.',
  },
  'error-not-thrown': {
    text: 'HttpError makes an error, and nothing throws it: the page goes on',
    remedy: 'Write `throw HttpError(…)`.',
  },
  'late-print': {
    text: 'nothing waits for this asynchronous function: what it prints behind an `await` comes too late and is lost',
    remedy: 'Write `for (const x of list) { … }` instead of `list.forEach(…)`, or await the call.',
  },
  'param-missing': {
    text: 'PARAMS.{name} is never there: the name of this page has no [{name}]',
    remedy: 'Rename the page (`[{name}].pih`), or read QUERY.{name}.',
  },
  'unfinished-code': {
    text: 'the code is not finished where its tag ends',
    remedy: 'Complete the expression or statement before the `%>`.',
  },
  'braceless-body': {
    text: 'the HTML behind this `{keyword}` would be printed whatever it decides, because it has no braces',
    remedy: 'Write braces around the HTML: `<% {keyword} (…) { %> … <% } %>`.',
  },
  'export-in-page': {
    text: 'a page exports nothing',
    remedy: 'Move what other pages share into a module (`_data/cart.ts`) and import it.',
  },
  'assigned-name': {
    text: '{name} cannot be assigned',
    remedy: 'Use a variable with a name of its own.',
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
