// Error codes of pages as they are found, loaded and run.

import { codes } from '../code-entry.ts';

export const pagesCodes = codes({
  'http-error-status': {
    text: 'HttpError takes a status from 400 to 599, not {status}',
    remedy: 'Write for example: throw HttpError(404)',
  },
  'redirect-status': {
    text: 'redirect takes the status 301, 302, 303, 307 or 308, not {status}',
    remedy: 'Leave the status out for 303 See Other, which is right after a form.',
  },
  'redirect-url': {
    text: 'redirect takes a path of this site or an http(s) URL, not {url}',
    remedy: "Write for example: redirect('/cart')",
  },
  'redirect-external': {
    text: 'redirect({url}) would leave this site',
    remedy: 'If that is meant, write redirect(url, 303, { external: true }); never with a URL that a visitor can choose.',
  },
});
