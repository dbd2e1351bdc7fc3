import { z } from 'zod';
import { VISIBLE_CHARACTER } from '../../platform/invisible-characters.ts';

/**
 * Returns the schema of a text: at least one visible character, no control characters and no lone surrogates, which could
 * not be stored unchanged. With `lines`, it may have several lines.
 */
export const text = (max: number, { lines = false } = {}) =>
  z
    .string()
    .regex(
      new RegExp(`^(?=.*${VISIBLE_CHARACTER})(?:[^\\p{Cc}\\p{Cs}]${lines ? '|\\n' : ''}){1,${max}}$`, 'su'),
      `must be 1 to ${max} characters, at least one visible, without control characters${lines ? ' other than line feeds' : ''} and lone surrogates`,
    )
    // Some readers of OpenAPI documents do not support \p. Complete Unicode text contains no lone surrogates.
    .meta({
      override: {
        minLength: 1,
        maxLength: max,
        pattern: lines
          ? '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$'
          : '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
      },
    });

export const Reason = text(500);
