import { CommandFailed, exitCodes } from '../errors.ts';

/** What a token says about its owner. Only the server can check it. */
export interface Claims {
  readonly sub?: string;
  readonly role?: string;
  /** The session; machine tokens have none. */
  readonly sid?: string;
  /** In seconds since 1970. */
  readonly exp?: number;
}

/** Returns the claims of a token. Throws `CommandFailed` when it is no JWT. */
export function claimsOf(token: string): Claims {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
  } catch {
    throw new CommandFailed(
      exitCodes.notLoggedIn,
      'the token is no JWT: "orderstream token" prints a valid one',
    );
  }
}
