import { expect, it } from 'vitest';
import { normalise, prefixesOf, sortKey, wordsOf } from './search-words.ts';

it('the words of a text are in lower case, without accents and duplicates', () => {
  expect(wordsOf('Café  CRÈME, cafe T-Light 85123A')).toEqual(['cafe', 'creme', 't', 'light', '85123a']);
});

it('the prefixes of every word of a name are sorted, without duplicates', () => {
  expect(prefixesOf('Tea Ten')).toEqual(['t', 'te', 'tea', 'ten']);
});

it('an emoji is a search word, with and without its skin tone', () => {
  expect(prefixesOf('a❤️b 👍🏽')).toEqual(['a', 'b', '❤', '👍', '👍🏽']);
});

it('a search word is truncated after 24 characters', () => {
  expect(wordsOf('a'.repeat(30))).toEqual(['a'.repeat(24)]);
  expect(prefixesOf('a'.repeat(30))).toHaveLength(24);
});

it('a text without valid characters has no search words', () => {
  expect(wordsOf('!? \u0000 \ud800 …')).toEqual([]);
  expect(normalise(' \u0000\ud800Red\u0007 \t Mug ')).toBe('red mug');
});

it('a search word keeps letters of any script whole, also outside the basic plane', () => {
  expect(wordsOf('Ελληνικός 𝒳y İstanbul')).toEqual(wordsOf('ελληνικοσ XY istanbul'));
  expect(prefixesOf('𐐷𐐷')).toEqual(['𐐏', '𐐏𐐏'].map((word) => word.toLowerCase()));
});

it.each([
  ['Straße', ['strasse'], 'case that has more letters in capitals'],
  ['ẞGROSS ßgross', ['ssgross'], 'the capital sharp s'],
  ['❤️ heartemoji❤ 👍🏽5% 🇩🇪', ['❤', 'heartemoji', '👍🏽', '5', '🇩🇪'], 'emoji are words, punctuation is not'],
  ['👩‍💻 a™', ['👩', '💻', 'atm'], 'joined emoji, and raised letters'],
  ['Søren’s łódź æon', ['sorens', 'lodz', 'aeon'], 'strokes, ligatures'],
  ['शांति מִנְיָן مِصباح', ['शांति', 'מנין', 'مصباح'], 'vowels that are always written, and not'],
  ['ﬁne ＦＵＬＬ ①', ['fine', 'full', '1'], 'forms of the same letters'],
])('the search %s looks for %j: %s', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

it('a word with an apostrophe is found with it, without it, and by the part before it', () => {
  const found = prefixesOf("CHILDREN'S");
  for (const search of ["children's", 'CHILDREN’S', 'childrens', 'children', 'children s'])
    for (const word of wordsOf(search)) expect([search, found.includes(word)]).toEqual([search, true]);
  expect(prefixesOf('CHILDRENS')).toContain(wordsOf("children's")[0]);
});

it('a search finds any part of a text in a script without spaces', () => {
  const found = prefixesOf('白いランプ 24');
  for (const search of ['白い', 'ランプ', 'ﾗﾝﾌﾟ', '24']) expect(found).toContain(wordsOf(search)[0]);
  expect(found).not.toContain(wordsOf('プラ')[0]);
  expect(prefixesOf('โคมไฟ')).toContain(wordsOf('ไฟ')[0]);
  expect(prefixesOf('lamp')).not.toContain('amp');
});

it.each([
  ['a soft hyphen', 'Ge\u00adsamt\u00adkon\u00adzept', 'gesamtkonzept'],
  ['a word joiner', 'Gesamt\u2060konzept', 'gesamtkonzept'],
  ['a zero width non-joiner', 'Gesamt\u200ckonzept', 'gesamtkonzept'],
  ['a zero width space', 'Gesamt\u200bkonzept', 'gesamtkonzept'],
  ['a byte order mark', '\ufeffGesamtkonzept', 'gesamtkonzept'],
  ['a grapheme joiner', 'Gesamt\u034fkonzept', 'gesamtkonzept'],
  ['a Hangul filler', 'Gesamt\u3164konzept', 'gesamtkonzept'],
  ['a change of direction', '\u202eGesamtkonzept\u202c', 'gesamtkonzept'],
  ['a vowel separator', 'Gesamt\u180ekonzept', 'gesamtkonzept'],
  ['a variation selector', '1\ufe0f\u20e3 mug', '1 mug'],
  ['a tag', 'Mug\u{e0067}', 'mug'],
  ['an Arabic stroke that lengthens', 'كـــتاب', 'كتاب'],
  ['a mark beside its letter', 'cafe\u0301', 'café'],
  ['two marks in another order', 'a\u0323\u0302', 'a\u0302\u0323'],
])('a search ignores %s, in the name and in the search text', (_, written, typed) => {
  expect(wordsOf(written)).toEqual(wordsOf(typed));
  for (const word of wordsOf(typed)) expect(prefixesOf(written)).toContain(word);
  for (const word of wordsOf(written)) expect(prefixesOf(typed)).toContain(word);
  expect(normalise(written)).toBe(normalise(typed));
});

it.each([
  ['ΟΔΟΣ', 'οδός', 'both small sigmas'],
  ['МUG', 'mug', 'a Cyrillic capital among Latin ones'],
  ['ΑLPΗΑ', 'alpha', 'Greek capitals'],
  ['раураl', 'paypal', 'Cyrillic small letters'],
  ['ＭＵＧ', 'mug', 'full width'],
  ['𝐌𝐮𝐠 ⓜⓤⓖ', 'mug', 'letters of mathematics and in circles'],
  ['ﬁne', 'fine', 'a ligature'],
  ['کتاب', 'كتاب', 'the Persian kaf'],
  ['چای', 'چاي', 'the Persian yeh'],
  ['Søren´s', 'sørens', 'an accent for an apostrophe'],
  ['T‑shirt', 't-shirt', 'a hyphen that does not break'],
])('the name %s is found by the search %s: %s', (written, typed) => {
  for (const word of wordsOf(typed)) expect(prefixesOf(written)).toContain(word);
  for (const word of wordsOf(written)) expect(prefixesOf(typed)).toContain(word);
});

it('the sort key sorts letters that look alike by their own script', () => {
  expect(['вода', 'mug', 'αβγ'].map(sortKey).sort()).toEqual(['mug', 'αβγ', 'вода']);
});

it('the sort key has at most 64 characters', () => {
  expect(sortKey('É'.repeat(100))).toBe('e'.repeat(64));
  expect([...sortKey('\ufdfa'.repeat(200))].length).toBeLessThanOrEqual(64);
});
