// Cuts a multipart body into its parts while it arrives (RFC 2046, 5.1). It is strict: the body begins with the boundary,
// ends with the closing one, and has nothing around them, so that a cut or changed body is refused and never read as a
// smaller one. Holds no more than one head or one boundary of the body.

import { MalformedForm, type PartHead, partHead } from './part-head.ts';

/** What the parser calls, in the order of the body. What it throws ends the parsing. */
export interface PartReceiver {
  begin(head: PartHead): void;
  /** Some bytes of the part that has begun; they may be kept. */
  data(bytes: Buffer): void;
  end(): void;
}

/** Bytes of a part's head. */
const LONGEST_HEAD = 16 * 1024;

const HEAD_END = Buffer.from('\r\n\r\n');
const [CR, LF, DASH] = [13, 10, 45];

type ParserState = 'boundary' | 'head' | 'content' | 'closed';

/** The parser of one body. */
export class MultipartParser {
  readonly #receiver: PartReceiver;
  /** The line break before a boundary belongs to it. */
  readonly #boundary: Buffer;
  #state: ParserState = 'content';
  #isInPart = false;
  /** Bytes of the line break before the content, which are none of its own. */
  #skipped = 2;
  // The first boundary is the only one without a line break before it.
  #pending: Buffer = Buffer.from('\r\n');

  constructor(boundary: string, receiver: PartReceiver) {
    this.#receiver = receiver;
    this.#boundary = Buffer.from(`\r\n--${boundary}`);
  }

  /** @throws MalformedForm, or what the receiver throws */
  write(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#step());
  }

  /** @throws MalformedForm when the body was cut off */
  finish(): void {
    if (this.#state !== 'closed') throw new MalformedForm('it ends before its closing boundary');
  }

  /** Takes what can be told from the pending bytes; false when more are needed. */
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
      // The end may be the beginning of a boundary.
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
    // The second line break stays: where a part is empty, it may be the one before the next boundary.
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

/** Some programs send line breaks around the parts; anything else there would be lost. */
function refuseText(bytes: Buffer, reason: string): void {
  for (const byte of bytes) if (byte !== CR && byte !== LF) throw new MalformedForm(reason);
}

const LONGEST = 70;

/** `boundary=token` or `boundary="quoted"`, between other parameters. */
const PARAMETER = /;[ \t]*boundary=(?:"([^"\\]*)"|([^\s";,]+))[ \t]*(?:;|$)/i;

/** The boundary of a multipart type; undefined where it has none that can be used. */
export function boundaryOf(contentType: string): string | undefined {
  const match = PARAMETER.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? '';
  return boundary === '' || boundary.length > LONGEST ? undefined : boundary;
}
