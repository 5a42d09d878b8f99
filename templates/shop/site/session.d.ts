/** The attributes of a visitor's session. The declaration types every Session(). */
interface SessionData {
  /** Pieces by the id of their product. */
  cart: Record<string, number>;
  /** The order that was placed last. */
  order: { readonly name: string; readonly total: number };
}
