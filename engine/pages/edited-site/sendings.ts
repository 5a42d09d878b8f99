// The fields that one page sends to the pages of its site, by forms, links and redirects.

import { addressOfRoot, namesOf, targetsOf } from '../site-map/received-fields.ts';
import { type AddressedSite, addressOf } from '../site-map/site-addresses.ts';
import type { RootPage } from '../site-map/site-surfaces.ts';

/** A field that is sent. */
interface SentField {
  readonly name: string;
  /** The types that its input may have; none in a link. */
  readonly types: readonly string[];
}

/** Fields that are sent to a page. */
export interface Sending {
  /** Absolute path. */
  readonly receiver: string;
  readonly fields: readonly SentField[];
}

/** Everything that a page sends. */
export function sendingsOf(page: RootPage, site: AddressedSite): Sending[] {
  const { forms, links, parts } = page.surface;
  const base = addressOfRoot(page);
  const texts = [...links, ...parts.flatMap(({ reads }) => reads.redirects)].flatMap((link) => link.texts);
  const addresses = [
    ...forms.flatMap((form) => {
      const fields = form.fields.flatMap((field) =>
        namesOf({ fields: [field] }).map((name) => ({ name, types: field.types })),
      );
      return targetsOf(form, base, site).map((address) => ({ address, fields }));
    }),
    ...texts.map((text) => ({ address: addressOf(text, base, site), fields: [] })),
  ];
  return addresses.flatMap(({ address, fields }) => {
    const { file, query = [] } = address;
    const sent = [...fields, ...query.map((name) => ({ name, types: [] }))];
    return file === undefined || sent.length === 0 ? [] : [{ receiver: file, fields: sent }];
  });
}
