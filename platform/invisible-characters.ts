/** Blank characters that Unicode counts as letters or symbols: braille, hieroglyphs, a musical notehead. */
const BLANKS = '\\u2800\\u{13441}\\u{13442}\\u{1D159}';

/** Spaces, format and control characters, half surrogates, and combining marks without a letter. */
const UNSEEN = `\\p{White_Space}\\p{Cc}\\p{Cf}\\p{Cs}\\p{Noncharacter_Code_Point}\\p{Default_Ignorable_Code_Point}\\p{M}${BLANKS}`;

/** Pattern of a character that is visible by itself; to build other patterns with the flag `u`. */
export const VISIBLE_CHARACTER = `[^${UNSEEN}]`;

const visible = new RegExp(VISIBLE_CHARACTER, 'u');

const unseen = new RegExp(`(?! )[${UNSEEN}]`, 'gu');

/** Returns the text with invisible characters as code points, such as `\\u{200b}`; for messages. */
export const escapeInvisible = (text: string): string =>
  text.replace(unseen, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);

/** Returns whether the text has a visible character. */
export const hasVisibleCharacter = (text: string): boolean => visible.test(text);
