// The part of a form's body that was read, also if the body was refused at a limit (docs/going-live.md, *Errors*). Only a
// request that may be answered with its fields has one; it keeps references to what is read anyway.

/** A field: its name and its value. */
export type SentField = readonly [name: string, value: string];

/** The body of one request as far as it was read. */
export class BodyReading {
  /** The bytes of a body that is not multipart, up to the limit. */
  raw: Uint8Array | undefined = undefined;
  /** Whether the body goes on behind what was read. */
  isCut = false;
  /** The fields of a multipart body in the order of the body. */
  readonly fields: SentField[] = [];
  /** Whether a file was chosen in the form. */
  hasFiles = false;
}
