/** What this site keeps for a visitor: it types every Session(). */
interface SessionData {
  visits: number;
}
