/** What this site keeps for a visitor: it types every Session(). */
interface SessionData {
  /** Pieces by the id of their product. */
  cart: Record<string, number>;
  /** The order that was placed last. */
  order: { readonly name: string; readonly total: number };
}
