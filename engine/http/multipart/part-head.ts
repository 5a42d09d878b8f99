// The head of one part of a form, read as browsers write it (RFC 7578; HTML standard, "multipart/form-data encoding
// algorithm"): a name has `"`, CR and LF as %22, %0D and %0A, and nothing else in it is encoded, the backslash neither.
// A head that says something else than one field is malformed; no part is passed over.

/** What the head of a part says. */
export interface PartHead {
  readonly name: string;
  /** Undefined: a field, no file. */
  readonly filename: string | undefined;
  /** Content-Type without its parameters, in lower case. */
  readonly type: string | undefined;
  readonly charset: string | undefined;
}

/** Why a body is no form. */
export class MalformedForm extends Error {
  override readonly name = 'MalformedForm';
}

/**
 * The head from its bytes, without the empty line behind it.
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

/** A parameter, quoted up to the next quotation mark, or a token. */
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

/** `filename*=UTF-8''…` (RFC 8187), which some programs send beside `filename`, no browser. */
function extended(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const coded = /^utf-8'[^']*'(.*)$/i.exec(value)?.[1];
  try {
    if (coded !== undefined) return decodeURIComponent(coded);
  } catch {
    // The same error as for another encoding.
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
