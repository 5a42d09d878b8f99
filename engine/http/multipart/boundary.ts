// The boundary that Content-Type names (RFC 2046, 5.1.1). One that is missing, empty or too long separates nothing.

const LONGEST = 70;

/** `boundary=token` or `boundary="quoted"`, between other parameters. */
const PARAMETER = /;[ \t]*boundary=(?:"([^"\\]*)"|([^\s";,]+))[ \t]*(?:;|$)/i;

/** The boundary of a multipart type; undefined where it has none that can be used. */
export function boundaryOf(contentType: string): string | undefined {
  const match = PARAMETER.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? '';
  return boundary === '' || boundary.length > LONGEST ? undefined : boundary;
}
