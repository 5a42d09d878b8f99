// The soak site: sets of files, each with a number that every file prints. A response whose numbers differ mixes two sets.
// No intermediate state of saving a set compiles: files of one set import names, or include parts, that carry its number.

/** The files of a set, by their path below root_dir. */
export type Files = ReadonlyMap<string, string>;

/** A URL of the site. */
export interface SoakUrl {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /** The count of numbers in a whole response. */
  readonly numbers: number;
  /** Whether sets do without it: 404 is an answer. */
  readonly fleeting?: true;
}

/** All that visitors ask for. */
export const SOAK_URLS: readonly [SoakUrl, ...SoakUrl[]] = [
  { path: '/linked/', method: 'GET', numbers: 8 },
  { path: '/linked/order', method: 'POST', numbers: 6 },
  { path: '/named/', method: 'GET', numbers: 4 },
  { path: '/named/order', method: 'POST', numbers: 2 },
  { path: '/mended', method: 'GET', numbers: 1 },
  { path: '/fleeting', method: 'GET', numbers: 1, fleeting: true },
];

/** Whether all pages of a set go live: none has an error, and no module throws. */
export function isWhole(set: number): boolean {
  return !hasBrokenPage(set) && !hasThrowingModule(set);
}

/** Whether a set has the page that comes and goes. */
export function hasFleetingPage(set: number): boolean {
  return set % 2 === 0;
}

function hasBrokenPage(set: number): boolean {
  return set % 3 === 1;
}

function hasThrowingModule(set: number): boolean {
  return set % 5 === 2;
}

const WORKER = "RESPONSE.headers.set('X-Worker', String(process.pid));";
const STATE = "import { state } from '../_state.ts';";
const ORDER = `const s = Session(); s.orders = s.get('orders', 0) + 1; state.orders++;`;

/** The files of one set. */
export function filesOfSet(set: number): Files {
  return new Map([...linkedFiles(set), ...namedFiles(set), ...singleFiles(set)]);
}

/** Pages, parts and a layout that import a name of the set, which a module passes on from another. */
function linkedFiles(set: number): [string, string][] {
  const value = `value_${set}`;
  const importing = `import { ${value} } from './_numbers.ts';`;
  const throwing = hasThrowingModule(set) ? `throw new Error('set ${set} does not run');` : '';
  const shown = `[${set}] [<%= ${value} %>]`;
  return [
    [
      'linked/_base.ts',
      `const lines = [\n${filler(set)}];\n${throwing}\nexport const base_${set} = ${set};\n`,
    ],
    [
      'linked/_numbers.ts',
      `import { base_${set} } from './_base.ts';\nconst numbers = [\n${filler(set)}];\nexport const ${value} = base_${set};\n`,
    ],
    ['linked/_inner.pih', page(set, importing, shown)],
    ['linked/_part.pih', page(set, importing, `${shown} <% Include('_inner.pih'); %>`)],
    ['linked/_layout.pih', page(set, importing, `${shown} <%= CONTENT %>`)],
    [
      'linked/index.pih',
      page(set, importing, `<% ${WORKER} Layout('_layout.pih'); %> ${shown} <% Include('_part.pih'); %>`),
    ],
    [
      'linked/order.pih',
      page(
        set,
        `${importing} ${STATE}`,
        `<% ${WORKER} ${ORDER} %> orders <%= s.orders %> ${shown} <% Include('_part.pih'); %>`,
      ),
    ],
  ];
}

/** Pages that include a part and a layout whose names carry the number of the set. */
function namedFiles(set: number): [string, string][] {
  return [
    [`named/_part_${set}.pih`, page(set, '', `[${set}]`)],
    [`named/_layout_${set}.pih`, page(set, '', `[${set}] [${set}] <%= CONTENT %>`)],
    [
      'named/index.pih',
      page(
        set,
        '',
        `<% ${WORKER} Layout('_layout_${set}.pih'); %> [${set}] <% Include('_part_${set}.pih'); %>`,
      ),
    ],
    [
      'named/order.pih',
      page(
        set,
        STATE,
        `<% ${WORKER} ${ORDER} %> orders <%= s.orders %> [${set}] <% Include('_part_${set}.pih'); %>`,
      ),
    ],
  ];
}

function singleFiles(set: number): [string, string][] {
  const mended = page(set, '', `<% ${WORKER} %> [${set}] ${hasBrokenPage(set) ? '<% if ( %>' : ''}`);
  const files: [string, string][] = [
    ['_state.ts', 'export const state = { orders: 0 };\n'],
    ['mended.pih', mended],
  ];
  if (hasFleetingPage(set)) files.push(['fleeting.pih', page(set, '', `<% ${WORKER} %> [${set}]`)]);
  return files;
}

/** A page whose code block is open from its beginning to its end, so that no part of its text compiles. */
function page(set: number, imports: string, body: string): string {
  return `<% ${imports} { %>\n<!--\n${filler(set)}-->\n${body}\n<% } %>`;
}

/** Where a file that is written in pieces may be cut, so that what is there until then does not compile. */
export function cutsOf(text: string): { readonly first: number; readonly last: number } {
  return { first: text.indexOf('\n'), last: text.length - LONGEST_END };
}

/** No file ends, after its last line of filler, with fewer characters that still leave it incomplete. */
const LONGEST_END = 200;

/** Lines whose number differs from set to set: rsync compares sizes, and times only by whole seconds. */
function filler(set: number): string {
  return '  0,0,0,0,0,0,0,0,\n'.repeat(20 + (set % 50));
}
