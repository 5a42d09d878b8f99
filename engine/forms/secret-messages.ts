// Messages of a schema without what was typed into secret fields: some libraries, such as ArkType, repeat the value.

/** The message in place of one that has a secret. */
const NO_DETAILS = 'Is not valid.';

/** @param secrets the texts of the secret fields */
export function withoutSecrets(message: string, secrets: readonly string[]): string {
  return secrets.some((secret) => isIn(message, secret)) ? NO_DETAILS : message;
}

/** Whether a message has a text, as it was typed or as JSON writes it. */
function isIn(message: string, text: string): boolean {
  return text !== '' && (message.includes(text) || message.includes(JSON.stringify(text).slice(1, -1)));
}
