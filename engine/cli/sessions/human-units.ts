// Ages, sizes and counts in units that people read.

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** The distance of a time from now: "3 min ago", "in 2 h", "now". */
export function ageText(time: number, now: number): string {
  const distance = Math.abs(time - now);
  for (const [unit, milliseconds] of UNITS) {
    if (distance < milliseconds) continue;
    const length = `${Math.floor(distance / milliseconds)} ${unit}`;
    return time < now ? `${length} ago` : `in ${length}`;
  }
  return 'now';
}

/** "812 B", "1.2 kB", "3.4 MB" */
export function sizeText(size: number): string {
  if (size < 1000) return `${size} B`;
  const unit = size < 999_950 ? 'kB' : size < 999_950_000 ? 'MB' : 'GB';
  const divisor = { kB: 1e3, MB: 1e6, GB: 1e9 }[unit];
  return `${(size / divisor).toFixed(1)} ${unit}`;
}

/** "1 session", "2 sessions" */
export function sessionCount(count: number): string {
  return `${count} ${count === 1 ? 'session' : 'sessions'}`;
}
