/** Control characters and marks of text direction, which could change what a terminal shows. Line breaks and tabs too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are to be found
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Returns a text of the server in one line, with hidden characters as `\u001b`: names may come from strangers. */
export const visible = (text: string): string => text.replace(HIDDEN, escaped);

/** Returns JSON of the server with hidden characters escaped, which does not change its meaning. */
export const visibleJson = (json: string): string =>
  json.replace(HIDDEN, (character) => ('\n\r\t'.includes(character) ? character : escaped(character)));
