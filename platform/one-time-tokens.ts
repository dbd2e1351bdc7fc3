import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** What a link is for: a token of one kind is not valid as the other. */
export type TokenPurpose = 'confirm-email' | 'set-password';

/** Names the token of one link: `requestId` is the `signUpId` or the `resetId` of the event that asked for it. */
export interface TokenSubject {
  readonly purpose: TokenPurpose;
  readonly userId: string;
  readonly requestId: string;
}

/**
 * Returns the token of a link, `userId.secret`. It follows from the key and the subject, so the process that mails it does not
 * need to store it, and a repeated mail has the same link.
 */
export const oneTimeToken = (tokenKey: KeyObject, subject: TokenSubject): string =>
  `${subject.userId}.${secretOf(tokenKey, subject).toString('base64url')}`;

export interface PresentedToken {
  readonly userId: string;
  readonly secret: Buffer;
}

/** Splits a token; undefined for a text that is none. */
export function parseOneTimeToken(token: string): PresentedToken | undefined {
  const separator = token.lastIndexOf('.');
  const secret = Buffer.from(token.slice(separator + 1), 'base64url');
  return separator < 1 || secret.length !== 32 ? undefined : { userId: token.slice(0, separator), secret };
}

/** Returns whether the presented secret is that of the subject. Its time tells nothing about the secret. */
export const isSecretOf = (tokenKey: KeyObject, subject: TokenSubject, secret: Buffer): boolean =>
  timingSafeEqual(secretOf(tokenKey, subject), secret);

const secretOf = (tokenKey: KeyObject, { purpose, userId, requestId }: TokenSubject): Buffer =>
  createHmac('sha256', tokenKey)
    .update(JSON.stringify([purpose, userId, requestId]))
    .digest();
