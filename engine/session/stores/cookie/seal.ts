// Encrypts and authenticates texts that visitors keep: JWE (RFC 7516) with a direct key and AES-256-GCM, by jose. The key of
// each text is derived for its label alone (HKDF, RFC 5869), so a text opens under no other label. The JWE header does not
// travel: it is one of two constants, so that no visitor can choose an algorithm.

import { hkdfSync } from 'node:crypto';
import { errors, FlattenedEncrypt, flattenedDecrypt } from 'jose';

/** The version of the format. A new one opens no text that was sealed before. */
const FORMAT = 1;

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Texts of more characters are deflated. */
const DEFLATE_FROM = 1000;

/** The characters of the longest cookie, and so of the longest sealed text. */
const LONGEST_SEALED = 4096;

/** The bytes of the longest text: deflate makes less of the longest cookie. */
const LONGEST_TEXT = 4_000_000;

const PLAIN = { alg: 'dir', enc: 'A256GCM' };
const DEFLATED = { ...PLAIN, zip: 'DEF' };

/** The headers by the first character of the sealed text. */
const HEADERS: Readonly<Record<string, typeof PLAIN>> = { p: PLAIN, z: DEFLATED };

const OPTIONS = {
  keyManagementAlgorithms: ['dir'],
  contentEncryptionAlgorithms: ['A256GCM'],
  maxDecompressedLength: LONGEST_TEXT,
};

/** Seals with the first of its secrets, and opens with all of them. */
export class Seal {
  readonly #secrets: readonly [string, ...string[]];
  readonly #longest: number;

  /** @param longest the characters of the longest sealed text that is opened */
  constructor(secrets: readonly [string, ...string[]], longest = LONGEST_SEALED) {
    this.#secrets = secrets;
    this.#longest = longest;
  }

  /** Bytes for another purpose, the same in all processes that have the first secret. */
  bytesFor(purpose: string): Uint8Array {
    return derived(this.#secrets[0], purpose);
  }

  /** The sealed text, in characters that a cookie may have (RFC 6265, section 4.1.1). */
  async seal(label: string, text: string): Promise<string> {
    const flag = text.length > DEFLATE_FROM ? 'z' : 'p';
    const { iv, ciphertext, tag } = await new FlattenedEncrypt(Buffer.from(text))
      .setProtectedHeader(flag === 'z' ? DEFLATED : PLAIN)
      .encrypt(derived(this.#secrets[0], label));
    const parts = [iv, tag, ciphertext].map((part = '') => Buffer.from(part, 'base64url'));
    return flag + Buffer.concat(parts).toString('base64url');
  }

  /** The text that was sealed under this label; undefined if `sealed` is anything else. */
  async open(label: string, sealed: string): Promise<string | undefined> {
    const header = HEADERS[sealed.charAt(0)];
    const body = sealed.slice(1);
    if (header === undefined || sealed.length > this.#longest) return undefined;
    const bytes = Buffer.from(body, 'base64url');
    // Base64url has spare bits. Of the spellings of the same bytes only the canonical one is accepted.
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
