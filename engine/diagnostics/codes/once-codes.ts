// Error codes of Once(): forms that arrive more than once.

import type { CodeTable } from '../code-entry.ts';

export const onceCodes = {
  'once-not-awaited': {
    text: 'Once() is not awaited here, so the work would begin before it is noted that it begins',
    remedy: 'Write for example: const once = await Once()',
  },
  'once-not-here': {
    text: 'Once() cannot work here: {reason}',
    remedy:
      'Call it in the page that answers the form, or in a part or layout that the page names by a literal path.',
  },
  'once-store': {
    text: 'page uses Once(), and the session store cannot do that: {reason}',
    remedy:
      "Set persistent_session to a store whose locks reach all processes (json, database, redis, memcached, or a store of the site with lock 'store'), or leave it out if one process serves the site.",
  },
  'once-waiting': {
    text: "this form has arrived at page '{page}' before, and that arrival is still at work after {seconds} s",
    remedy: 'Ask again later. If the work of the page may take so long, raise limits.page_timeout.',
    status: 503,
  },
  'once-unsure': {
    text: 'this form has arrived before, and that arrival was interrupted: it is not certain whether its work was done',
    remedy:
      'Look whether the work was done before the form is sent again. Once({ unsure: "/orders" }) leads visitors to a page where they can see that.',
    status: 409,
  },
  'once-without-form': {
    text: 'page uses Once(), and no form that the compiler sees is sent to it by POST: without a token every arrival runs',
    remedy:
      'Write the tag of the form in the text of a page: forms in raw output (<%- %>), in html`…` and in static files get no token.',
  },
  'once-form-in-code': {
    text: 'code prints this form, so it gets no token: {page} uses Once(), and every arrival of this form runs',
    remedy: 'Write the tag of the form in the text of a page, outside of html`…` and raw output (<%- %>).',
  },
  'once-static-form': {
    text: 'page uses Once(), and the form in {file} that is sent to it gets no token, because static files are sent as they are',
    remedy: 'Rename the file to .pih, so that the engine prints the form.',
  },
} as const satisfies CodeTable;
