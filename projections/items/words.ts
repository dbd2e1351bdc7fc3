/** Words are told apart by so many characters; what is longer counts as equal when it begins alike. */
const LONGEST = 24;

/** Lower case, accents and what is no character stripped, white space single. */
export const normalised = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();

/** The words of a text, normalised, each once: runs of letters and digits. */
export const wordsOf = (text: string): string[] => [
  ...new Set(
    normalised(text)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '')
      .map((word) => [...word].slice(0, LONGEST).join('')),
  ),
];

/** Every beginning of every word, sorted, each once: a word being typed finds what it may become. */
export function beginningsOf(text: string): string[] {
  const beginnings = wordsOf(text).flatMap((word) => {
    const characters = [...word];
    return characters.map((_, index) => characters.slice(0, index + 1).join(''));
  });
  return [...new Set(beginnings)].sort();
}
