// What browsers ask of a cookie because of its name or of SameSite=None; they drop one that does not comply
// (draft-ietf-httpbis-rfc6265bis, sections 4.1.3 and 5.7).

/** Whether only a Secure cookie is taken. */
export function mustBeSecure(name: string, sameSite: string): boolean {
  return sameSite === 'none' || /^__(Host|Secure)-/i.test(name);
}

/** Whether it must be for the whole host and no other: path "/", no domain. */
export function isHostOnly(name: string): boolean {
  return /^__Host-/i.test(name);
}
