// Error codes of http: errors in requests and responses.

import type { CodeTable } from '../code-entry.ts';

export const httpCodes = {
  'path-malformed': {
    text: 'the request asks for {target}, which is not a path',
    remedy: 'A request names a path that begins with a slash.',
    status: 400,
  },
  'host-twice': {
    text: 'the request has more than one Host line, expected one',
    remedy: 'Send one Host line, and let no proxy add a second.',
    status: 400,
  },
  'host-malformed': {
    text: 'the request names the host {host}, expected a name or an address, with or without a port',
    remedy:
      'Send the host of the URL, such as example.org or [::1]:8080; a proxy that sets X-Forwarded-Host, too.',
    status: 400,
  },
  'host-refused': {
    text: 'this server does not answer for the host {host}',
    remedy:
      'If it is meant to, add the name (without port) to allowed_hosts in the configuration; under debug only IP addresses, localhost and host are answered without that.',
    status: 421,
  },
  'transfer-coding': {
    text: 'the request body has the transfer coding {coding}, and only chunked is read',
    remedy: 'Send the body as it is.',
    status: 501,
  },
  'cross-site': {
    text: 'a {method} request to {path} came from another site ({origin}); only pages of this site may send it',
    remedy:
      'If that site may send it (a payment return, a webhook of a browser), add the path or the origin to cross_site.',
    status: 403,
  },
  'body-too-large': {
    text: 'the request body is larger than {limit} bytes',
    remedy: 'Raise limits.body in the configuration if such requests are meant to be accepted.',
    status: 413,
  },
  'upload-too-large': {
    text: 'the upload is larger than {limit} bytes',
    remedy: 'Raise limits.upload in the configuration if such uploads are meant to be accepted.',
    status: 413,
  },
  'too-many-fields': {
    text: 'the request has more than {limit} fields',
    remedy: 'Raise limits.fields in the configuration if such forms are meant to be accepted.',
    status: 413,
  },
  'too-many-files': {
    text: 'the request has more than {limit} files',
    remedy: 'Raise limits.files in the configuration if such uploads are meant to be accepted.',
    status: 413,
  },
  'field-name-too-long': {
    text: 'a field has a name of more than {limit} bytes',
    remedy: 'Raise limits.field_name in the configuration if such names are meant to be accepted.',
    status: 413,
  },
  'field-too-large': {
    text: "the field '{name}' has more than {limit} bytes",
    remedy: 'Raise limits.field_size in the configuration if such values are meant to be accepted.',
    status: 413,
  },
  'multipart-malformed': {
    text: 'the multipart body is malformed or cut off: {reason}',
    remedy: 'Send a whole body whose parts are separated by the boundary that Content-Type names.',
    status: 400,
  },
  'body-encoding': {
    text: "the request body is encoded as '{encoding}', and only bodies without Content-Encoding are read",
    remedy: 'Send the body as it is.',
    status: 415,
  },
  'body-charset': {
    text: 'the form is in the character encoding {charset}, which is not known here',
    remedy: 'Send it as UTF-8, or in an encoding of the Encoding Standard that keeps ASCII.',
    status: 415,
  },
  'static-method': {
    text: 'a file answers GET and HEAD only, not {method}',
    remedy: 'Let the form or the script ask a page.',
    status: 405,
  },
  'page-timeout': {
    text: "page '{page}' has neither ended nor sent anything for {seconds} s",
    remedy:
      'Give what it awaits a limit of its own (REQUEST.signal is aborted by now), let a long page send something now and then by RESPONSE.flush(), or raise limits.page_timeout.',
    status: 503,
  },
  'page-load-timeout': {
    text: "page '{page}' could not be loaded within {seconds} s: a module that it imports has not come to its end",
    remedy: 'Look for an await at the top level of its modules, or raise limits.page_timeout.',
    status: 503,
  },
  'page-interrupted': {
    text: "page '{page}' was interrupted, because the server stops and it had not ended in time",
    remedy: 'Nothing is wrong if the page is meant to run long. Its changes of the session are kept.',
    status: 503,
  },
  'response-status': {
    text: 'RESPONSE.status takes a status from 200 to 599, not {status}',
    remedy: 'Write for example: RESPONSE.status = 201',
  },
  'response-body': {
    text: 'RESPONSE.send takes a string, bytes (Uint8Array) or a stream of these, not {type}',
    remedy: 'Write for example: RESPONSE.send(text). RESPONSE.json(value) sends any other value as JSON.',
  },
  'response-json': {
    text: 'RESPONSE.json cannot send {path}: it is {kind}, for which JSON has no text',
    remedy:
      'Convert it first: `String(…)` for a bigint, `[...set]`, `Object.fromEntries(map)`, `await` for a Promise; leave functions out.',
  },
  'response-begun': {
    text: '{what} comes too late: the response has begun',
    remedy: 'Do it before the first RESPONSE.flush().',
  },
  'flush-not-here': {
    text: 'RESPONSE.flush() cannot be used {where}, which is sent as a whole',
    remedy: 'Remove the call, or the feature that needs the whole response.',
  },
  'response-header': {
    text: 'the response cannot be sent with these headers: {reason}',
    remedy:
      'A header holds one line of printable Latin characters; encode anything else, for example by encodeURIComponent.',
  },
  'response-cookie': {
    text: "the cookie '{name}' cannot be sent: {reason}",
    remedy:
      'Use letters, digits, - and _ in its name, a path without semicolons and a plain domain; same_site none and a name that begins with __Secure- or __Host- need secure.',
  },
  'error-page-file': {
    text: '{page} leads to {real}, which is no page and no file of HTML below root_dir',
    remedy: 'Let error_pages name a page (.pih) or a file of HTML (.html) of the site.',
  },
  'error-page-missing': {
    text: 'error_pages names {page} for status {status}, and there is no such file below root_dir',
    remedy: 'Write that page, or correct its path, which starts from root_dir.',
  },
  'error-page-failed': {
    text: 'the page {page}, which error_pages names for status {status}, failed itself; a plain page was sent',
    remedy: 'Correct that page; it should do as little as possible.',
  },
  'answered-already': {
    text: 'other code began the response to {path} before the page had ended',
    remedy: 'Let one handler answer a request: do not mount Karrigell behind code that has sent a response.',
  },
} as const satisfies CodeTable;
