// The products of the shop. Prices are whole cents; `art` and `ink` choose how style.css draws the cover.

export interface Product {
  readonly id: string;
  readonly kind: 'cd' | 'book';
  readonly title: string;
  readonly by: string;
  readonly year: number;
  readonly cents: number;
  readonly about: string;
  readonly art: 'waves' | 'rings' | 'dots' | 'rain' | 'sun' | 'grid' | 'roads' | 'beam';
  readonly ink: 'sea' | 'night' | 'moss' | 'plum' | 'ember' | 'sand';
}

export const PRODUCTS: readonly Product[] = [
  {
    id: 'tide-tables',
    kind: 'cd',
    title: 'Tide Tables',
    by: 'Maëlle Le Goff Trio',
    year: 2021,
    cents: 1490,
    about:
      'Piano, double bass and a harmonium that was left out in the rain. Eleven pieces, one for each hour of a rising tide.',
    art: 'waves',
    ink: 'sea',
  },
  {
    id: 'night-ferry',
    kind: 'cd',
    title: 'Night Ferry',
    by: 'Anton Varga',
    year: 2018,
    cents: 1650,
    about: 'Slow electronics, recorded between two ports on the car deck. Best heard with the lights off.',
    art: 'rings',
    ink: 'night',
  },
  {
    id: 'static-garden',
    kind: 'cd',
    title: 'Static Garden',
    by: 'The Slow Relays',
    year: 2023,
    cents: 1290,
    about:
      'Guitars, tape loops and birds who were not asked. Their third record, and the first with a chorus.',
    art: 'dots',
    ink: 'moss',
  },
  {
    id: 'nine-variations',
    kind: 'cd',
    title: 'Nine Variations for Rain',
    by: 'Ingrid Solheim',
    year: 2020,
    cents: 1790,
    about: 'A theme of four notes, and everything that weather can do to it. Solo piano, live in Bergen.',
    art: 'rain',
    ink: 'plum',
  },
  {
    id: 'the-wheelbarrow',
    kind: 'book',
    title: 'The Wheelbarrow',
    by: 'Yann Kerbrat',
    year: 2016,
    cents: 1890,
    about: 'A village, a wager and one wheel. A short novel about carrying more than you can see over.',
    art: 'sun',
    ink: 'ember',
  },
  {
    id: 'small-servers',
    kind: 'book',
    title: 'A Field Guide to Small Servers',
    by: 'Odile Marchand',
    year: 2024,
    cents: 2450,
    about: 'How to recognise them by their call, where they nest, and why they outlive the large ones.',
    art: 'grid',
    ink: 'moss',
  },
  {
    id: 'salt-roads',
    kind: 'book',
    title: 'Salt Roads',
    by: 'Teodor Brandt',
    year: 2019,
    cents: 2200,
    about: 'From the pans of Guérande to the markets of the north, on foot, with a mule and a bad map.',
    art: 'roads',
    ink: 'sand',
  },
  {
    id: 'letters-to-a-lighthouse',
    kind: 'book',
    title: 'Letters to a Lighthouse',
    by: 'Nora Quill',
    year: 2022,
    cents: 1350,
    about: 'Forty letters that were sent, and one that was answered.',
    art: 'beam',
    ink: 'night',
  },
];

/** The product of that id. */
export function findProduct(id: string | undefined): Product | undefined {
  return PRODUCTS.find((product) => product.id === id);
}
