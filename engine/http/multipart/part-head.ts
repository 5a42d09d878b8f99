// The head of a part of a form, read as browsers write it (RFC 7578; HTML standard, "multipart/form-data encoding algorithm"):
// names contain `"`, CR and LF as %22, %0D and %0A, and no other character is encoded. A head that does not describe one field
// is malformed; no part is skipped.

/** The head of a part. */
export interface PartHead {
  readonly name: string;
  /** The file name; undefined for a field. */
  readonly filename: string | undefined;
  /** The Content-Type without its parameters, in lower case. */
  readonly type: string | undefined;
  readonly charset: string | undefined;
}

/** The error of a malformed multipart body. */
export class MalformedForm extends Error {
  override readonly name = 'MalformedForm';
}

/**
 * Parses the bytes of a head without its last empty line.
 * @throws MalformedForm
 */
export function partHead(bytes: Buffer): PartHead {
  const headers = partHeaders(bytes.toString('utf8'));
  const disposition = headers.get('content-disposition');
  if (disposition === undefined) throw new MalformedForm('a part has no Content-Disposition');
  const { kind, parameters } = valueAndParameters(disposition);
  if (kind !== 'form-data') throw new MalformedForm('a part is no form-data');
  const name = parameters.get('name');
  if (name === undefined) throw new MalformedForm('a part has no name');
  const filename =
    extended(parameters.get('filename*')) ?? optional(parameters.get('filename'), decodedParameter);
  const type = headers.get('content-type');
  return {
    name: decodedParameter(name),
    filename,
    type: type && mediaType(type),
    charset: type && charsetParameter(type),
  };
}

function partHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const match = /^([!#$%&'*+.^_`|~\w-]+):([^\r\n]*)$/.exec(line);
    if (match === null) throw new MalformedForm('a header of a part is no header');
    const name = (match[1] ?? '').toLowerCase();
    if (headers.has(name)) throw new MalformedForm(`a part has two headers ${name}`);
    headers.set(name, (match[2] ?? '').trim());
  }
  return headers;
}

/** A parameter; its value is a token, or quoted up to the next quotation mark. */
const PARAMETER = /[ \t]*;[ \t]*([\w!#$&^`|~.+-]+\*?)=(?:"([^"]*)"|([^\s";]*))/y;

function valueAndParameters(text: string): { kind: string; parameters: ReadonlyMap<string, string> } {
  const kind = /^[^\s;]*/.exec(text)?.[0] ?? '';
  const parameters = new Map<string, string>();
  let at = kind.length;
  while (at < text.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (match === null) throw new MalformedForm('the Content-Disposition of a part cannot be read');
    const name = (match[1] ?? '').toLowerCase();
    if (parameters.has(name)) throw new MalformedForm(`a part has two parameters ${name}`);
    parameters.set(name, match[2] ?? match[3] ?? '');
    at = PARAMETER.lastIndex;
  }
  return { kind: kind.toLowerCase(), parameters };
}

const CODED: Readonly<Record<string, string>> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

function decodedParameter(value: string): string {
  return value.replace(/%(?:22|0D|0A)/gi, (code) => CODED[code.toUpperCase()] ?? code);
}

/** The value of `filename*=UTF-8''…` (RFC 8187). Some programs send it beside `filename`, but no browser. */
function extended(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const coded = /^utf-8'[^']*'(.*)$/i.exec(value)?.[1];
  try {
    if (coded !== undefined) return decodeURIComponent(coded);
  } catch {
    // The error below covers this, too.
  }
  throw new MalformedForm('the file name of a part cannot be read');
}

function optional<T>(value: string | undefined, change: (value: string) => T): T | undefined {
  return value === undefined ? undefined : change(value);
}

function mediaType(value: string): string {
  return (value.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function charsetParameter(value: string): string | undefined {
  return /;\s*charset="?([\w.:+-]+)/i.exec(value)?.[1];
}
