/** The attributes of a visitor's session. The declaration types every Session(). */
interface SessionData {
  visits: number;
}
