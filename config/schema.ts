// The declaration of the configuration: shape, default and documentation of each key (docs/configuration.md). The JSON
// Schema, the TypeScript types, the environment variables and the error messages are derived from it.

import { derivedSetting, group, type InputOf, setting, type ValueOf } from './setting.ts';
import { choice, either, entriesOf, flag, listOf, seconds, size, text, whole } from './setting-shape.ts';
import { staticShape } from './static-options.ts';
import { storeShape } from './store-options.ts';

export type { StoreConfig } from './store-options.ts';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/i;

const page = text();
const headerName = { pattern: `^${TOKEN}$`, expected: 'header names' };
const headerValue = text({
  pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$',
  expected: 'a text without line breaks, of characters up to U+00FF',
});
const cookieName = text({
  pattern: `^${TOKEN}$`,
  expected: 'a cookie name: letters, digits, "_", "-" and "."',
});
const cookiePath = text({ pattern: '^/[^;\\x00-\\x1f]*$', expected: 'a path that begins with "/"' });
const cookieDomain = text({ pattern: '^\\.?[A-Za-z0-9.-]+$', expected: 'a domain such as "example.org"' });
const address = text({
  pattern: '^[0-9A-Fa-f:.]+(/\\d{1,3})?$',
  expected: 'an IP address or CIDR such as "10.0.0.0/8"',
});
const allowedHost = text({
  pattern: '^\\.?[A-Za-z0-9_.:[\\]-]+$',
  expected: 'a host name without port, such as "www.example.org", or ".example.org" for its subdomains too',
});
const urlPath = text({ pattern: '^/[^?#]*$', expected: 'a path that begins with "/", such as "/api/"' });
const crossSite = text({
  pattern: '^(/|https?://[^/]+$)',
  expected: 'a path that begins with "/", or an origin such as "https://pay.example"',
});

const cookie = group(
  {
    name: setting(cookieName, 'sessionId', 'The name of the cookie.'),
    path: setting(cookiePath, '/', 'The part of the site that gets the cookie.'),
    domain: setting(
      either(cookieDomain, choice(null)),
      null,
      'The domain that gets it; null: this host only.',
    ),
    secure: setting(
      choice(true, false, 'auto'),
      'auto',
      'Sent over https only; "auto": when the visitor came by https.',
    ),
    http_only: setting(flag, true, 'Hidden from scripts in the browser.'),
    same_site: setting(choice('strict', 'lax', 'none'), 'lax', 'Whether requests from other sites carry it.'),
    timeout: setting(
      either(seconds(1), choice(null)),
      null,
      'Seconds that the browser keeps it; null: until the browser closes.',
    ),
    when: setting(
      choice('call', 'write'),
      'call',
      'When a visitor gets one: "call": when a page calls Session(); "write": only when it stores something.',
    ),
  },
  'How the cookie of a session is sent.',
);

const session = group(
  {
    timeout: setting(seconds(0), 3600, 'Seconds without a request after which a session ends; 0: never.'),
    max_age: setting(
      seconds(0),
      0,
      'Seconds from its beginning after which a session ends in any case; 0: no limit.',
    ),
    remember_me_timeout: setting(seconds(0), 2592000, 'The timeout of a session whose `remember` is true.'),
    force: setting(
      flag,
      false,
      'true: every request writes the new deadline; false: at most one write per tenth of the timeout.',
    ),
    missing: setting(
      choice('throw', 'undefined'),
      'throw',
      'Reading an attribute that the session does not have: "throw" or "undefined".',
    ),
    lock_timeout: setting(
      seconds(0, 3600),
      10,
      'Seconds that a request waits for another one of the same session before it gets 503.',
    ),
    cookie,
  },
  'How long sessions live and how they behave.',
);

const limits = group(
  {
    body: setting(size(), '1mb', 'The body of a request, uploads not counted.'),
    upload: setting(size(), '20mb', 'A body with uploads.'),
    fields: setting(whole(0, 1_000_000), 1000, 'Form fields in one request.'),
    field_name: setting(whole(1, 1_000_000), 200, 'Bytes in the name of a field.'),
    field_size: setting(size(), '256kb', 'The value of one field.'),
    files: setting(whole(0, 100_000), 20, 'Uploaded files in one request.'),
    header_timeout: setting(
      seconds(1, 3600),
      10,
      'Seconds within which the headers of a request must arrive.',
    ),
    request_timeout: setting(seconds(1, 86_400), 60, 'Seconds within which a whole request must arrive.'),
    send_timeout: setting(
      seconds(1, 86_400),
      60,
      'Seconds after which a client that takes no byte of its response is disconnected.',
    ),
    page_timeout: setting(
      seconds(1, 86_400),
      60,
      'Seconds after which a page that has neither ended nor sent anything is answered with 503.',
    ),
  },
  'Limits of the size and the time of one request. Past a limit it gets 413, 431, 408 or 503.',
);

/** Every key of the configuration. */
export const CONFIGURATION = group(
  {
    root_dir: setting(text(), 'site', 'The folder of pages and static files, relative to this file.'),
    host: setting(text(), '127.0.0.1', 'The address to listen on; "0.0.0.0" or "::" for all.'),
    port: setting(whole(0, 65_535), 8080, 'The port to listen on; 0 picks a free one.'),
    workers: setting(
      either(whole(1, 1024), choice('auto')),
      1,
      'Processes; "auto": one a core. More than 1 needs a persistent session store.',
    ),
    debug: derivedSetting(
      flag,
      {
        text: 'true when the host is loopback, trust_proxy is false and NODE_ENV is not "production"',
        value: ({ host, production, proxied }) => LOOPBACK.test(host) && !production && !proxied,
      },
      'Error pages with source, live reload.',
    ),
    watch: setting(
      flag,
      true,
      'Pick up changed, new and deleted pages, modules and configuration without a restart.',
    ),
    trust_proxy: setting(
      either(flag, listOf(address)),
      false,
      'true, or a list of addresses whose X-Forwarded-* headers count.',
    ),
    allowed_hosts: setting(
      listOf(allowedHost),
      [],
      'Host names (without port) that are answered, ".example.org" with its subdomains; others get 421. Empty: all; under debug: localhost, IP addresses and `host`.',
    ),
    secret_fields: setting(
      listOf(text()),
      [],
      'Further words that make a form field secret, such as "taxId": it is masked in errors, and never shown again or kept.',
    ),
    persistent_session: setting(
      storeShape,
      false,
      'false: sessions in memory; true: in files; or an object that names a store.',
    ),
    max_sessions: setting(
      whole(1, 100_000_000),
      1000,
      'In memory only: when one more session begins, the least recently used one ends, first those whose cookie has not come back.',
    ),
    session,
    limits,
    log: setting(
      choice('text', 'json', 'combined', false),
      'text',
      'The format of the request log, one line for each request; false: no log.',
    ),
    cross_site: setting(
      listOf(crossSite),
      [],
      'Paths that other sites may post to, and origins that may post anywhere.',
    ),
    headers: setting(entriesOf(headerName, headerValue), {}, 'Extra response headers.'),
    static: setting(staticShape, {}, 'Options of serve-handler for static files.'),
    editor: setting(
      either(text(), choice(null)),
      'vscode',
      'The editor that the error page links to; null: no links.',
    ),
    error_pages: setting(
      entriesOf({ pattern: '^[45][0-9][0-9]$', expected: 'statuses from 400 to 599' }, page),
      {},
      'The page to show for a status, such as {"404": "404.pih"}.',
    ),
    outside_paths: setting(
      listOf(urlPath),
      [],
      'Paths that other programs answer, such as routes of Express; "/api/" means all paths below it. `check` leaves links to them alone.',
    ),
  },
  'The configuration of a Karrigell site.',
);

/** The effective configuration: every key present, sizes in bytes, root_dir absolute. */
export type Config = ValueOf<typeof CONFIGURATION>;
/** How long sessions live (seconds) and how they behave. */
export type SessionConfig = Config['session'];
/** How a session's cookie is sent. `timeout` in seconds; null: until the browser closes. */
export type SessionCookieConfig = SessionConfig['cookie'];
/** Limits of a request; sizes in bytes, timeouts in seconds. */
export type LimitsConfig = Config['limits'];

/** The configuration as it is written in a file or given to `karrigell({…})`. */
export type ConfigInput = InputOf<typeof CONFIGURATION> & { readonly $schema?: string };
