/** Words are told apart by so many characters; what is longer counts as equal when it begins alike. */
const LONGEST = 24;

/** Latin letters that readers type without their strokes and ligatures, and that Unicode does not take apart. */
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
  // Lower case has two of them, by where in its word the letter stands.
  ς: 'σ',
};
const NOT_PLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/** Letters that look the same, at least in capitals, and the letter that represents them in words. */
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
/** Marks that may be left out. Those that belong to one script are its vowels, without which words are others; not in Hebrew. */
const ACCENTS = /(?=\p{M})[\p{Script=Inherited}\p{Script=Hebrew}]/gu;
/** Characters that Unicode decomposes into a space and a mark, or that are written for an apostrophe. */
const LIKE_APOSTROPHES = /[´`′‘’ʼʻʹ＇]/gu;
const APOSTROPHE_WITHIN = /(?<=\p{L})'(?=\p{L})/gu;
/** Scripts that leave no space between words: any of their characters may begin one. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Normalises a text: no case (ß is ss), accents, invisible or invalid characters; single spaces. */
export const normalised = (text: string): string =>
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
  [...normalised(text)].slice(0, LONGEST_SORT_KEY).join('').trim();

const LONGEST_SORT_KEY = 64;

/** The words of a search, normalised, each once: runs of letters, with their marks, and digits; each picture (emoji). */
export const wordsOf = (text: string): string[] => [
  ...new Set(runsOf(comparable(text).replace(APOSTROPHE_WITHIN, '')).map((run) => shortened([...run]))),
];

/** Every beginning of every word that a search may be for, sorted, each once: a word being typed finds what it may become. */
export function prefixesOf(text: string): string[] {
  const whole = comparable(text);
  const words = [whole, whole.replace(APOSTROPHE_WITHIN, '')].flatMap(runsOf).flatMap(wordsWithin);
  const beginnings = words.flatMap((word) => word.map((_, index) => word.slice(0, index + 1).join('')));
  return [...new Set(beginnings)].sort();
}

/** Normalises a text and replaces letters that look the same by one of them. */
const comparable = (text: string): string =>
  normalised(text).replace(LOOKS_LIKE_ANOTHER, (letter) => LOOK_ALIKE.get(letter) ?? letter);

/** Letters with their marks, and digits; a picture with its skin colour; a flag. */
const RUN = /[\p{L}\p{N}\p{M}]+|\p{Regional_Indicator}{2}|\p{Extended_Pictographic}\p{Emoji_Modifier}?/gu;
const runsOf = (text: string): string[] => text.match(RUN) ?? [];

/** A run itself and, where words are not told apart by spaces, what is left of it from each further character on. */
function wordsWithin(run: string): string[][] {
  const characters = [...run];
  return characters.flatMap((character, index) =>
    index === 0 || UNSPACED.test(character) ? [characters.slice(index, index + LONGEST)] : [],
  );
}

const shortened = (characters: readonly string[]): string => characters.slice(0, LONGEST).join('');
