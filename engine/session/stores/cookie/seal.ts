// Texts that a visitor keeps for us and can neither read nor change: JWE with a direct key and AES-256-GCM, by jose.
// The key of each text is derived for its label alone, so a sealed text opens nowhere else. The JWE header does not
// travel: it is one of two constants, so that no visitor can choose an algorithm.

import { hkdfSync } from 'node:crypto';
import { errors, FlattenedEncrypt, flattenedDecrypt } from 'jose';

/** Raised when what was sealed before must not be opened any more. */
const FORMAT = 1;

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Longer texts are deflated. */
const DEFLATE_FROM = 1000;

/** No cookie is longer, so nothing longer was sealed here. */
const LONGEST_SEALED = 4096;

/** More than deflate can make of the longest cookie. */
const LONGEST_TEXT = 4_000_000;

const PLAIN = { alg: 'dir', enc: 'A256GCM' };
const DEFLATED = { ...PLAIN, zip: 'DEF' };

/** The first character of a sealed text says which header it has. */
const HEADERS: Readonly<Record<string, typeof PLAIN>> = { p: PLAIN, z: DEFLATED };

const OPTIONS = {
  keyManagementAlgorithms: ['dir'],
  contentEncryptionAlgorithms: ['A256GCM'],
  maxDecompressedLength: LONGEST_TEXT,
};

/** Seals with the first of its secrets and opens with all. */
export class Seal {
  readonly #secrets: readonly [string, ...string[]];

  constructor(secrets: readonly [string, ...string[]]) {
    this.#secrets = secrets;
  }

  /** Bytes for another purpose that all who have the first secret agree on. */
  bytesFor(purpose: string): Uint8Array {
    return derived(this.#secrets[0], purpose);
  }

  /** The sealed text, of characters that a cookie may have. */
  async seal(label: string, text: string): Promise<string> {
    const flag = text.length > DEFLATE_FROM ? 'z' : 'p';
    const { iv, ciphertext, tag } = await new FlattenedEncrypt(Buffer.from(text))
      .setProtectedHeader(flag === 'z' ? DEFLATED : PLAIN)
      .encrypt(derived(this.#secrets[0], label));
    const parts = [iv, tag, ciphertext].map((part = '') => Buffer.from(part, 'base64url'));
    return flag + Buffer.concat(parts).toString('base64url');
  }

  /** The text that was sealed under this label; undefined for everything else. */
  async open(label: string, sealed: string): Promise<string | undefined> {
    const header = HEADERS[sealed.charAt(0)];
    const body = sealed.slice(1);
    if (header === undefined || sealed.length > LONGEST_SEALED) return undefined;
    const bytes = Buffer.from(body, 'base64url');
    // Base64url has spare bits: of the spellings of the same bytes only ours counts.
    if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== body) return undefined;
    const jwe = {
      protected: Buffer.from(JSON.stringify(header)).toString('base64url'),
      iv: bytes.toString('base64url', 0, IV_BYTES),
      tag: bytes.toString('base64url', IV_BYTES, IV_BYTES + TAG_BYTES),
      ciphertext: bytes.toString('base64url', IV_BYTES + TAG_BYTES),
    };
    for (const secret of this.#secrets) {
      const text = await opened(jwe, derived(secret, label));
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

async function opened(
  jwe: Parameters<typeof flattenedDecrypt>[0],
  key: Uint8Array,
): Promise<string | undefined> {
  try {
    const { plaintext } = await flattenedDecrypt(jwe, key, OPTIONS);
    return Buffer.from(plaintext).toString();
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function derived(secret: string, label: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `karrigell session ${FORMAT} ${label}`, KEY_BYTES));
}
