/** Maximum length of a word in characters; longer words with the same beginning count as equal. */
const MAX_WORD_LENGTH = 24;

/** Latin letters with strokes and ligatures, which users type without them and Unicode does not decompose. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  þ: 'th',
  // Capital sharp s (ẞ) has this lower case; that of ß is ss already.
  ß: 'ss',
  // The form of the letter sigma at the end of a word.
  ς: 'σ',
};
const NOT_PLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/** Letters that look the same, at least in capitals, and the letter that replaces them in search words. */
const LOOK_ALIKE = new Map(
  [
    // Cyrillic
    ['авекмнорстухіјѕһԁԛԝӏ', 'abekmhopctyxijshdqwl'],
    // Greek
    ['αβεζηικμνορτυχ', 'abezhikmnoptyx'],
    // Arabic: kaf and yeh as Persian writes them, and yeh without dots
    ['کیى', 'كيي'],
  ].flatMap(([from = '', to = '']) =>
    [...from].map((letter, at) => [letter, [...to][at] ?? letter] as const),
  ),
);
const LOOKS_LIKE_ANOTHER = new RegExp(`[${[...LOOK_ALIKE.keys()].join('')}]`, 'gu');

/** Invisible characters, and the Arabic stroke that only lengthens a word. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0640]/gu;
/** Marks that users may omit. Marks of a single script are vowels that change the word, except in Hebrew. */
const ACCENTS = /(?=\p{M})[\p{Script=Inherited}\p{Script=Hebrew}]/gu;
/** Characters that are used as an apostrophe; some of them Unicode decomposes into a space and a mark. */
const LIKE_APOSTROPHES = /[´`′‘’ʼʻʹ＇]/gu;
const APOSTROPHE_WITHIN = /(?<=\p{L})'(?=\p{L})/gu;
/** Scripts without spaces between words: a word may start at any character. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Normalises a text: no case (ß is ss), accents, invisible or invalid characters; single spaces. */
export const normalise = (text: string): string =>
  text
    .replace(UNSEEN, '')
    .replace(LIKE_APOSTROPHES, "'")
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(UNSEEN, '')
    .replace(NOT_PLAIN, (letter) => PLAIN[letter] ?? letter)
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();

/** Returns the start of the normalised text as sort key; it is part of cursors, so it must be short. */
export const sortKey = (text: string): string =>
  [...normalise(text)].slice(0, MAX_SORT_KEY_LENGTH).join('').trim();

const MAX_SORT_KEY_LENGTH = 64;

/** Returns the words of a search, normalised, without duplicates. A word is a run of letters, marks and digits, or an emoji. */
export const wordsOf = (text: string): string[] => [
  ...new Set(runsOf(comparable(text).replace(APOSTROPHE_WITHIN, '')).map((run) => truncate([...run]))),
];

/** Returns every prefix of every word of a text, sorted, without duplicates: a search finds a word while it is typed. */
export function prefixesOf(text: string): string[] {
  const whole = comparable(text);
  const words = [whole, whole.replace(APOSTROPHE_WITHIN, '')].flatMap(runsOf).flatMap(wordsWithin);
  const prefixes = words.flatMap((word) => word.map((_, index) => word.slice(0, index + 1).join('')));
  return [...new Set(prefixes)].sort();
}

/** Normalises a text and replaces letters that look the same by one of them. */
const comparable = (text: string): string =>
  normalise(text).replace(LOOKS_LIKE_ANOTHER, (letter) => LOOK_ALIKE.get(letter) ?? letter);

/** A run of letters, marks and digits; a flag; an emoji with its skin tone. */
const RUN = /[\p{L}\p{N}\p{M}]+|\p{Regional_Indicator}{2}|\p{Extended_Pictographic}\p{Emoji_Modifier}?/gu;
const runsOf = (text: string): string[] => text.match(RUN) ?? [];

/** Returns a run and, in scripts without spaces, its rest from each character on. */
function wordsWithin(run: string): string[][] {
  const characters = [...run];
  return characters.flatMap((character, index) =>
    index === 0 || UNSPACED.test(character) ? [characters.slice(index, index + MAX_WORD_LENGTH)] : [],
  );
}

const truncate = (characters: readonly string[]): string => characters.slice(0, MAX_WORD_LENGTH).join('');
