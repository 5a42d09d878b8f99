// HTTP dates (RFC 9110, 5.6.7): the current form and two obsolete forms, which are read only. Date.parse() is not suitable: it
// accepts years, ISO dates and other text, and reads a date without a zone in local time.

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const FORMS = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) GMT$/,
  // Sunday, 06-Nov-94 08:49:37 GMT
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) GMT$/,
  // Sun Nov  6 08:49:37 1994
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>\w{3}) (?<day>[ \d]\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<year>\d{4})$/,
];

/** Seconds since 1970; undefined if the text is not an HTTP date. A condition with such a text is ignored. */
export function httpDateSeconds(text: string, now = Date.now()): number | undefined {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return secondsOf(groups, now);
  }
  return undefined;
}

function secondsOf(groups: Readonly<Record<string, string>>, now: number): number | undefined {
  const { day, month = '', year = '', hour, minute, second } = groups;
  if (!MONTHS.includes(month)) return undefined;
  const [at, ...time] = [day, hour, minute, second].map(Number);
  const date = new Date(Date.UTC(fullYear(year, now), MONTHS.indexOf(month), at, ...time));
  const isReal = date.getUTCDate() === at && date.getUTCHours() === time[0];
  return isReal ? date.getTime() / 1000 : undefined;
}

/** Two digits that would be more than 50 years ahead are of the century before. */
function fullYear(digits: string, now: number): number {
  if (digits.length === 4) return Number(digits);
  const current = new Date(now).getUTCFullYear();
  const year = current - (current % 100) + Number(digits);
  return year > current + 50 ? year - 100 : year;
}
