import { describe, expect, it } from 'vitest';
import { escapeInvisible, hasVisibleCharacter } from './invisible-characters.ts';

describe('an invisible text', () => {
  it.each([
    ['no character', ''],
    ['a space', ' '],
    ['a no-break space', '\u00a0'],
    ['an ideographic space', '\u3000'],
    ['a tab and a line break', '\t\n'],
    ['a zero width space', '\u200b'],
    ['joiners', '\u200c\u200d\u2060'],
    ['a soft hyphen', '\u00ad'],
    ['a byte order mark', '\ufeff'],
    ['a change of direction', '\u202e'],
    ['a Hangul filler', '\u3164'],
    ['a half-width Hangul filler', '\uffa0'],
    ['a braille blank', '\u2800'],
    ['a variation selector', '\ufe0f'],
    ['a tag', '\u{e0041}'],
    ['a combining mark without a letter', '\u0301'],
    ['a mark of one script', '\u0940'],
    ['half of a character', '\ud800'],
    ['a code point that is no character', '\uffff'],
    ['a blank hieroglyph', '\u{13441}'],
  ])('%s', (_, text) => {
    expect(hasVisibleCharacter(text)).toBe(false);
    expect(hasVisibleCharacter(` ${text}`)).toBe(false);
    expect(hasVisibleCharacter(`${text}mug`)).toBe(true);
  });
});

describe('a visible text', () => {
  it.each(['a', '.', '0', 'é', 'e\u0301', '한', 'ب', '🫖', '\u{1f1ec}\u{1f1e7}', '—', '\u0640'])(
    '%j',
    (text) => {
      expect(hasVisibleCharacter(text)).toBe(true);
    },
  );
});

it('shows an invisible character of a message by its code point', () => {
  expect(escapeInvisible('a b\u00a0\u200b\u2800\u{e0041}é')).toBe('a b\\u{a0}\\u{200b}\\u{2800}\\u{e0041}é');
});
