// Error codes of the command line and of the process around a server.

import type { CodeTable } from '../code-entry.ts';

export const cliCodes = {
  usage: {
    text: '{what}',
    remedy: '`karrigell --help` lists the commands and options.',
  },
  'unknown-command': {
    text: '{name} is neither a command nor a folder{meant}',
    remedy: '`karrigell --help` lists the commands; name an existing folder to serve it.',
  },
  'site-closed': {
    text: 'listen() was called on a site that was closed',
    remedy: 'Create a new site with karrigell().',
  },
  'worker-stuck': {
    text: 'a worker has answered nothing for {seconds} s, because it does not come back from {where}',
    remedy:
      'Look for an endless loop, or a synchronous call that waits. Move work that must take longer than limits.page_timeout into another process.',
  },
  'port-in-use': {
    text: 'port {port} of {host} is in use',
    remedy: 'Stop the program that uses it, or choose another port: --port N, or --port 0 for a free one.',
  },
  'port-not-allowed': {
    text: 'this user may not listen on port {port} of {host}',
    remedy: 'Choose a port from 1024 on, or let a reverse proxy listen on this one.',
  },
  'host-not-here': {
    text: '{host} is not an address of this machine, expected one of its addresses, 127.0.0.1 or 0.0.0.0',
    remedy: 'Correct `host` in the configuration, or --host.',
  },
  'cannot-listen': {
    text: 'the server cannot listen on port {port} of {host}: {what}',
    remedy: 'Correct `host` and `port`.',
  },
  'no-such-page': {
    text: 'there is no file {file}, expected a page of the site',
    remedy: 'Check the path: it starts from the current folder.',
  },
  'not-in-site': {
    text: '{file} is not a page of the site, because it is not in its folder {folder}',
    remedy: 'Name files below root_dir, or the configuration of their site with --config.',
  },
  'sessions-in-memory': {
    text: 'persistent_session is false: sessions are in the memory of the running server, and this command cannot reach them',
    remedy: 'Set persistent_session to true (files) or name a store.',
  },
  'sessions-kept': {
    text: 'nothing was deleted',
    remedy: 'Answer y, or give --yes.',
  },
  'no-such-session': {
    text: 'no session begins with {id}',
    remedy: 'Run `karrigell sessions list --full`, which shows all ids in full.',
  },
  'folder-not-writable': {
    text: 'the site cannot be written to {folder}: {what}',
    remedy: 'Choose a folder that this user may write to.',
  },
} as const satisfies CodeTable;
