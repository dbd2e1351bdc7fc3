/** Blank, though Unicode counts them among letters and symbols: braille, hieroglyphs, a musical notehead. */
const BLANKS = '\\u2800\\u{13441}\\u{13442}\\u{1D159}';

/** Space, format and control characters, halves of characters, and marks without a letter that carries them. */
const UNSEEN = `\\p{White_Space}\\p{Cc}\\p{Cf}\\p{Cs}\\p{Noncharacter_Code_Point}\\p{Default_Ignorable_Code_Point}\\p{M}${BLANKS}`;

/** Matches a character that people see by itself. For the source of other patterns, with the flag `u`. */
export const VISIBLE_CHARACTER = `[^${UNSEEN}]`;

const visible = new RegExp(VISIBLE_CHARACTER, 'u');

const unseen = new RegExp(`(?! )[${UNSEEN}]`, 'gu');

/** The text with what nobody sees as code points, such as `\\u{200b}`: for messages about it. */
export const withUnseenShown = (text: string): string =>
  text.replace(unseen, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);

/** Whether people see anything of the text. */
export const isVisible = (text: string): boolean => visible.test(text);
