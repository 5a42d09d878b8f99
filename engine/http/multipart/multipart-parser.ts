// Splits a multipart body into its parts while it arrives (RFC 2046, 5.1). The parser is strict: the body must begin with the
// boundary and end with the closing boundary, so a truncated body is refused and not read as a smaller one. The parser keeps at
// most one head or one boundary in memory.

import { MalformedForm, type PartHead, partHead } from './part-head.ts';

/** Receives the parts in the order of the body. An error that it throws ends the parsing. */
export interface PartReceiver {
  begin(head: PartHead): void;
  /** Receives bytes of the current part, which it may keep. */
  data(bytes: Buffer): void;
  end(): void;
}

/** The longest head of a part, in bytes. */
const LONGEST_HEAD = 16 * 1024;

const HEAD_END = Buffer.from('\r\n\r\n');
const [CR, LF, DASH] = [13, 10, 45];

type ParserState = 'boundary' | 'head' | 'content' | 'closed';

/** The parser of one body. */
export class MultipartParser {
  readonly #receiver: PartReceiver;
  /** The boundary with the line break before it, which belongs to it. */
  readonly #boundary: Buffer;
  #state: ParserState = 'content';
  #isInPart = false;
  /** The bytes of the line break before the content that are still to be skipped. */
  #skipped = 2;
  // The first boundary is the only one without a line break before it.
  #pending: Buffer = Buffer.from('\r\n');

  constructor(boundary: string, receiver: PartReceiver) {
    this.#receiver = receiver;
    this.#boundary = Buffer.from(`\r\n--${boundary}`);
  }

  /** @throws MalformedForm, or an error of the receiver */
  write(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#step());
  }

  /** @throws MalformedForm if the body was truncated */
  finish(): void {
    if (this.#state !== 'closed') throw new MalformedForm('it ends before its closing boundary');
  }

  /** Parses the pending bytes as far as possible; false if more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case 'content':
        return this.#content();
      case 'boundary':
        return this.#behindBoundary();
      case 'head':
        return this.#head();
      case 'closed':
        return this.#epilogue();
    }
  }

  #content(): boolean {
    const at = this.#pending.indexOf(this.#boundary);
    if (at === -1) {
      // The last bytes may be the beginning of a boundary.
      const sure = Math.max(0, this.#pending.length - this.#boundary.length + 1);
      this.#give(this.#take(sure));
      return false;
    }
    this.#give(this.#take(at));
    this.#take(this.#boundary.length);
    if (this.#isInPart) this.#receiver.end();
    this.#isInPart = false;
    this.#state = 'boundary';
    return true;
  }

  #give(bytes: Buffer): void {
    const skipped = Math.min(this.#skipped, bytes.length);
    this.#skipped -= skipped;
    const content = bytes.subarray(skipped);
    if (content.length === 0) return;
    if (this.#isInPart) this.#receiver.data(content);
    else refuseText(content, 'it does not begin with its boundary');
  }

  #behindBoundary(): boolean {
    if (this.#pending.length < 2) return false;
    const [first, second] = this.#take(2);
    if (first === DASH && second === DASH) this.#state = 'closed';
    else if (first === CR && second === LF) this.#state = 'head';
    else throw new MalformedForm('a boundary is followed by other text in its line');
    return true;
  }

  #head(): boolean {
    const length = this.#pending.indexOf(HEAD_END);
    if (length > LONGEST_HEAD || (length === -1 && this.#pending.length > LONGEST_HEAD + HEAD_END.length))
      throw new MalformedForm(`the headers of a part have more than ${LONGEST_HEAD} bytes`);
    if (length === -1) return false;
    const head = partHead(this.#take(length));
    // The second line break stays, because it is the one before the next boundary if the part is empty.
    this.#take(HEAD_END.length - 2);
    this.#skipped = 2;
    this.#isInPart = true;
    this.#state = 'content';
    this.#receiver.begin(head);
    return true;
  }

  #epilogue(): boolean {
    refuseText(this.#take(this.#pending.length), 'it goes on behind its closing boundary');
    return false;
  }

  #take(length: number): Buffer {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }
}

/** Text before or after the parts is refused, because it would be lost. Some programs send line breaks there. */
function refuseText(bytes: Buffer, reason: string): void {
  for (const byte of bytes) if (byte !== CR && byte !== LF) throw new MalformedForm(reason);
}

/** The longest boundary, in characters (RFC 2046, 5.1.1). */
const LONGEST_BOUNDARY = 70;

/** `boundary=token` or `boundary="quoted"` among other parameters. */
const PARAMETER = /;[ \t]*boundary=(?:"([^"\\]*)"|([^\s";,]+))[ \t]*(?:;|$)/i;

/** The boundary in a multipart Content-Type; undefined if it is missing, empty or too long. */
export function boundaryOf(contentType: string): string | undefined {
  const match = PARAMETER.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? '';
  return boundary === '' || boundary.length > LONGEST_BOUNDARY ? undefined : boundary;
}
