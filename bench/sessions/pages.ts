// The page that all contenders send: the same text with the visitor's count in it, written in the language of each contender.

const before = '<!doctype html>\n<title>Visits</title>\n<h1>Visits</h1>\n<p>You were here <b>';
const after = '</b> times.</p>\n';

/** The text of the page. */
export function pageText(count: number | string): string {
  return `${before}${count}${after}`;
}

/** The count in a received page. */
export function countIn(text: string): number {
  return text.startsWith(before) && text.endsWith(after)
    ? Number(text.slice(before.length, -after.length))
    : Number.NaN;
}

/** Reads and writes the session. */
export const COUNT = '/count';
/** Reads the session. */
export const READ = '/read';
/** Has no session. */
export const PLAIN = '/plain';

/** Our pages, by their path. */
export const OUR_PAGES: Readonly<Record<string, string>> = {
  [COUNT]: `<% const s = Session(); s.count = s.get('count', 0) + 1 %>${pageText('<%= s.count %>')}`,
  [READ]: `<% const s = Session({ read_only: true }) %>${pageText("<%= s.get('count', 0) %>")}`,
  [PLAIN]: `<% const count = 1 %>${pageText('<%= count %>')}`,
};

export const PHP_PAGE = `<?php
session_start();
$_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1;
?>
${pageText("<?= htmlspecialchars((string) $_SESSION['count']) ?>")}`;
