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
  expect(wordsOf('Ελληνικός 𝒳y İstanbul')).toEqual(['ελληνικος', 'xy', 'istanbul']);
  expect(beginningsOf('𐐷𐐷')).toEqual(['𐐏', '𐐏𐐏'].map((word) => word.toLowerCase()));
});
