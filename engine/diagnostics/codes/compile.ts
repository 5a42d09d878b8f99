// Error codes of the compiler: what it refuses in a page or module, and what it warns of.

import { codes } from '../code-entry.ts';

export const compileCodes = codes({
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
});
