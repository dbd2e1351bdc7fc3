import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSecretOf, oneTimeToken, parseOneTimeToken } from './one-time-tokens.ts';

const key = createSecretKey(Buffer.alloc(32, 1));
const subject = { purpose: 'confirm-email', userId: '0198-ann', requestId: 's-1' } as const;
const secretIn = (token: string) => parseOneTimeToken(token)?.secret ?? expect.fail('no token');

describe('the token of a link', () => {
  it('is the same each time it is derived, and is recognized', () => {
    const token = oneTimeToken(key, subject);
    expect(token).toMatch(/^0198-ann\.[\w-]{43}$/);
    expect(oneTimeToken(key, subject)).toBe(token);
    expect(parseOneTimeToken(token)?.userId).toBe('0198-ann');
    expect(isSecretOf(key, subject, secretIn(token))).toBe(true);
  });

  it.each([
    { ...subject, purpose: 'set-password' as const },
    { ...subject, userId: '0198-bob' },
    { ...subject, requestId: 's-2' },
  ])('is not the token of %j', (other) => {
    expect(isSecretOf(key, subject, secretIn(oneTimeToken(key, other)))).toBe(false);
  });

  it('cannot be derived with another key', () => {
    const other = createSecretKey(Buffer.alloc(32, 2));
    expect(isSecretOf(key, subject, secretIn(oneTimeToken(other, subject)))).toBe(false);
  });

  it.each(['', '.', 'ann', 'ann.', '.c2VjcmV0', 'ann.c2VjcmV0'])('is not %j', (text) => {
    expect(parseOneTimeToken(text)).toBeUndefined();
  });
});
