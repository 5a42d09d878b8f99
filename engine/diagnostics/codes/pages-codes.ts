// Error codes of finding, loading and running pages.

import type { CodeTable } from '../code-entry.ts';

export const pagesCodes = {
  'http-error-status': {
    text: 'HttpError takes a status from 400 to 599, not {status}',
    remedy: 'Write for example: throw HttpError(404)',
  },
  'form-schema': {
    text: 'Form expects a schema of a Standard Schema library (Zod, Valibot, ArkType), not {what}',
    remedy: 'Write for example: await Form(z.object({ email: z.email() }))',
  },
  'form-id': {
    text: "The id of a form is a text without blanks, such as 'address', not {id}",
    remedy: "Write for example: await Form(schema, { id: 'address' })",
  },
  'form-initial': {
    text: "The initial value of the field '{name}' is {what}, which no field of a form can show",
    remedy: 'Give the text that the field shows; a text, a number, true, or a list of texts.',
  },
  'form-id-missing': {
    status: 400,
    text: "The form with the id '{id}' was sent without the field 'form', which says which form of the page it is",
    remedy: 'Put into the form: <input type="hidden" name="form" value="{id}">',
  },
  'form-retry-loop': {
    text: 'form.retry() leads a visitor who opens the page back to {location}, which calls it again',
    remedy:
      "Call it only for a form that was sent: if (REQUEST.method === 'POST' && !form.ok) return form.retry();",
  },
  'redirect-status': {
    text: 'redirect takes the status 301, 302, 303, 307 or 308, not {status}',
    remedy: 'Leave the status out for 303 See Other, which is right after a form.',
  },
  'redirect-url': {
    text: 'redirect takes a path of this site or an http(s) URL, not {url}',
    remedy:
      "Write for example redirect('/cart'); where a visitor chooses the target: redirect(_next, { fallback: '/' }).",
  },
  'redirect-external': {
    text: 'redirect({url}) would leave this site',
    remedy:
      "If that is meant, write redirect(url, { external: true }). Where a visitor chooses the target, write redirect(_next, { fallback: '/' }).",
  },
  'redirect-flash': {
    text: 'the flash of redirect is {what}, expected an object of names and values',
    remedy: "Write for example redirect('/cart', { flash: { notice: 'Saved' } })",
  },
  'unknown-option': {
    text: "{call} has no option '{name}', expected {expected}",
    remedy: 'Correct its name: an option that is not known would have no effect.',
  },
  'options-type': {
    text: '{call} takes an object of options, not {type}',
    remedy: 'Write its options in braces: { name: value }.',
  },
  'include-missing': {
    text: 'there is no page {path} to include',
    remedy: 'Paths are relative to the page that includes; a leading / is root_dir.',
  },
  'include-kind': {
    text: '{call}({path}) names {kind}, but this page is {own}',
    remedy:
      'Name a page of the same kind. To print the output of the other kind: `<%= await Render(path, data) %>`.',
  },
  'include-depth': {
    text: '{path} is nested more than {depth} pages deep{cycle}',
    remedy: 'Remove one of the calls of Include, Layout or Render by which these pages name each other.',
  },
  'layout-missing': {
    text: 'there is no page {path} to use as the layout',
    remedy: 'Paths are relative to the page that names the layout; a leading / is root_dir.',
  },
  'render-missing': {
    text: 'there is no page {path} to render',
    remedy: 'Paths are relative to the page that calls Render; a leading / is root_dir.',
  },
  'render-response': {
    text: '{what} in a page that Render() runs: the response is that of another page',
    remedy: 'Do it in the page that calls Render(), with what that page needs as data.',
  },
  'layout-alone': {
    text: 'this page prints {name}, but no page has named it with Layout() or given it children with Include()',
    remedy:
      "Write `Layout('{file}')` in the page that it should wrap, or `Include('{file}', { … }, () => { %> … <% })` to give it children. Begin its name, or its folder's, with an underscore, so that it has no URL.",
  },
  'layout-without-content': {
    text: 'this layout never prints CONTENT: what the pages that name it print is lost',
    remedy: 'Write `<%= CONTENT %>` where the page belongs.',
  },
  'section-callback': {
    text: 'Section({name}) expects a function that prints the section',
    remedy: "Write `<% Section('{name}', () => { %> … <% }) %>`.",
  },
  'include-children': {
    text: 'the last argument of Include({path}) is no function that prints children',
    remedy: "Write `<% Include('{path}', { … }, () => { %> … <% }) %>`.",
  },
  'children-unfinished': {
    text: 'the page went on, or ended, while the children of {path} were still being printed',
    remedy: "Write `await Include('{path}', { … }, async () => { … })`.",
  },
  'section-unfinished': {
    text: 'the page continued, or ended, while the section {name} was still being printed',
    remedy: "Write `await Section('{name}', async () => { … })`.",
  },
  'include-unfinished': {
    text: 'this page ended while a page that it includes was still running',
    remedy: 'Write `await Include(…)`.',
  },
  'module-late': {
    text: 'this module, or one that it imports, has not finished its top level after {seconds} s',
    remedy: 'Await nothing on its top level that may take so long.',
  },
  'root-vanished': {
    text: 'the folder {folder} no longer exists; the pages that were read last are served',
    remedy: 'Restore the folder, or the link that leads to it.',
  },
  'page-missing': {
    text: 'there is no page {path}{nearest}',
    remedy: 'Give the path of its URL, or of its file below root_dir: /cart, /_mails/welcome.pih.',
    status: 404,
  },
  'page-static': {
    text: '{path} is a static file, expected a page',
    remedy: 'Read it with node:fs, or ask for it over HTTP.',
  },
  'page-sends-bytes': {
    text: 'this page sends {what} with RESPONSE.send(), where a text is wanted',
    remedy: 'Ask for it over HTTP; app.render() and res.render() give texts.',
  },
  'view-without-request': {
    text: 'a view has no {name} for a request that no site has handed on',
    remedy:
      "Give it what it needs, res.render('cart', { title }), as its ARGS; or let the request pass app.handler of a site before the route: app.use(site.handler).",
  },
  'view-text-page': {
    text: 'a text page cannot be a view, because its text would be sent as HTML',
    remedy: 'Render it with app.render() of the site, or with Render() in a page.',
  },
  'view-redirect': {
    text: 'redirect({location}) in a view is too late, because the route answers the request',
    remedy: 'Write res.redirect() in the route, before res.render().',
  },
  'view-thrown': {
    text: 'the view threw {value}, expected an Error',
    remedy: 'Throw an Error, so that its position is known.',
  },
  'page-unreadable': {
    text: 'the page cannot be read: {reason}',
    remedy: 'Check the file and its permissions.',
  },
  'module-served': {
    text: 'the module {path} is imported by a page and is also served to every visitor who requests it',
    remedy: 'Begin its name, or the name of its folder, with an underscore.',
  },
  'page-bracket': {
    text: 'the name {part} cannot stand for parts of URLs: {reason}',
    remedy:
      'Write one bracket with a name of letters and digits in it: [id].pih, photo-[id].pih, [...path].pih.',
  },
  'before-name': {
    text: 'this file is named {name}, and only _before.pih runs before the pages of its folder',
    remedy: 'Rename it to _before.pih, in small letters.',
  },
  'before-waiting': {
    text: 'this _before.pih is on the disk, but not in the version of the site that is served, so nothing below it is answered',
    remedy: 'Wait a moment. The log says what it waits for; without watch, reload the site.',
    status: 503,
  },
  'page-duplicate': {
    text: 'this page answers the same URLs as {other}',
    remedy: 'Remove or rename one of the two.',
  },
  'page-shadowed': {
    text: 'the file {path} is served in place of this page',
    remedy: 'Remove or rename one of the two.',
  },
  'root-missing': {
    text: 'there is no folder {folder}',
    remedy: 'Name the folder of the site with root_dir or on the command line; `karrigell init` makes one.',
  },
  'module-missing': {
    text: 'there is no module {specifier}',
    remedy: '{advice}',
  },
  'module-kind': {
    text: '{specifier} is not a module, expected a .ts, .mts, .js, .mjs, .cjs or .json file',
    remedy: 'Import one of these; other files are read with node:fs.',
  },
  'module-unreadable': {
    text: 'the module cannot be read: {reason}',
    remedy: 'Check the file and its permissions.',
  },
  'json-syntax': {
    text: 'this is not JSON: {reason}',
    remedy:
      'Check the file around this place: JSON has no comments, no commas before a closing bracket, and double quotes only.',
  },
  'export-missing': {
    text: '{specifier} has no export named {name}',
    remedy: '{advice}',
  },
  'package-missing': {
    text: 'the package {name} is not installed',
    remedy: 'Run: npm install {name}',
  },
  'import-failed': {
    text: '{specifier} cannot be imported: {reason}',
    remedy: 'Check what the package exports, and its name.',
  },
} as const satisfies CodeTable;
