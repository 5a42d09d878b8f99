// Finds names in the texts of scripts, which are not parsed.

/** Whether a name stands in a text as a word. */
export function isWordIn(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (!/[\w$]/.test(text.charAt(at - 1) + text.charAt(at + name.length))) return true;
  return false;
}
