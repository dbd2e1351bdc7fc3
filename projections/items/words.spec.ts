import { expect, test } from 'vitest';
import { beginningsOf, normalised, wordsOf } from './words.ts';

test('words are lower case, without accents, each once', () => {
  expect(wordsOf('Café  CRÈME, cafe T-Light 85123A')).toEqual(['cafe', 'creme', 't', 'light', '85123a']);
});

test('beginnings of every word, each once and sorted', () => {
  expect(beginningsOf('Tea Ten')).toEqual(['t', 'te', 'tea', 'ten']);
});

test('words beyond 24 characters count by their beginning', () => {
  expect(wordsOf('a'.repeat(30))).toEqual(['a'.repeat(24)]);
  expect(beginningsOf('a'.repeat(30))).toHaveLength(24);
});

test('text that is no character at all gives no words', () => {
  expect(wordsOf('!? \u0000 \ud800 …')).toEqual([]);
  expect(normalised(' \u0000\ud800Red\u0007 \t Mug ')).toBe('red mug');
});

test('letters of any script, and those outside the basic plane, are whole', () => {
  expect(wordsOf('Ελληνικός 𝒳y İstanbul')).toEqual(['ελληνικοσ', 'xy', 'istanbul']);
  expect(beginningsOf('𐐷𐐷')).toEqual(['𐐏', '𐐏𐐏'].map((word) => word.toLowerCase()));
});

test.each([
  ['Straße', ['strasse'], 'case that has more letters in capitals'],
  ['ΟΔΟΣ Οδός', ['οδοσ'], 'both small sigmas'],
  ['Søren’s łódź æon', ['sorens', 'lodz', 'aeon'], 'strokes, ligatures'],
  ['शांति מִנְיָן مِصباح', ['शांति', 'מנין', 'مصباح'], 'vowels that are always written, and not'],
  ['ﬁne ＦＵＬＬ ①', ['fine', 'full', '1'], 'forms of the same letters'],
])('%s is searched for as %j: %s', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test('an apostrophe within a word is found written, left out, and as the end of a word', () => {
  const found = beginningsOf("CHILDREN'S");
  for (const search of ["children's", 'CHILDREN’S', 'childrens', 'children', 'children s'])
    for (const word of wordsOf(search)) expect([search, found.includes(word)]).toEqual([search, true]);
  expect(beginningsOf('CHILDRENS')).toContain(wordsOf("children's")[0]);
});

test('where a script has no spaces, a search may be for any part of a run', () => {
  const found = beginningsOf('白いランプ 24');
  for (const search of ['白い', 'ランプ', 'ﾗﾝﾌﾟ', '24']) expect(found).toContain(wordsOf(search)[0]);
  expect(found).not.toContain(wordsOf('プラ')[0]);
  expect(beginningsOf('โคมไฟ')).toContain(wordsOf('ไฟ')[0]);
  expect(beginningsOf('lamp')).not.toContain('amp');
});
