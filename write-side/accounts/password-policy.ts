import { z } from 'zod';
import { InvalidBody } from '../../platform/http/response/errors.ts';

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

const LENGTH = `must be ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters`;

/**
 * A new password: any characters, as they are, without truncation or rules of composition (ASVS 5.0, 6.2). Errors do not
 * repeat the password.
 */
export const NewPassword = z
  .string()
  .check(({ value, issues }) => {
    const fault = formFault(value);
    if (fault !== undefined) issues.push({ code: 'custom', message: fault, input: undefined });
  })
  .meta({
    format: 'password',
    example: 'correct horse battery staple',
    description: `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters; common passwords are refused.`,
    override: { type: 'string', minLength: MIN_PASSWORD_LENGTH, maxLength: MAX_PASSWORD_LENGTH },
  });

function formFault(password: string): string | undefined {
  // They would all be hashed as the same replacement character.
  if (/\p{Cs}/u.test(password)) return 'must be text without lone surrogates';
  const { length } = [...password];
  return length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH ? LENGTH : undefined;
}

/** Throws `InvalidBody` when the password, a field of the body, is one of those that attackers guess first. */
export async function rejectCommonPassword(password: string, field: string): Promise<void> {
  const message = 'is one of the most common passwords: choose another one';
  if (await isCommon(password)) throw new InvalidBody([{ path: field, message }]);
}

/** 49,000 passwords from published leaks (package of the MIT licence), loaded at the first use. */
let commonPasswords: Promise<ReadonlySet<string>> | undefined;

/** Words of this shop: with digits and signs around them, they are as easy to guess. */
const OWN_WORDS: ReadonlySet<string> = new Set(['orderstream', 'orderstreamadmin', 'storefront']);

async function isCommon(password: string): Promise<boolean> {
  commonPasswords ??= loadCommonPasswords();
  const lower = password.toLowerCase();
  return (await commonPasswords).has(lower) || OWN_WORDS.has(lower.replace(/[^\p{L}]/gu, ''));
}

async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter(({ length }) => length >= MIN_PASSWORD_LENGTH));
}
