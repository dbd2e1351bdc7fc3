import jwt from 'jsonwebtoken';
import { afterEach, expect, it, vi } from 'vitest';
import { secretKey } from './secret-key.ts';
import { createTokenVerifier, signToken } from './tokens.ts';

const secret = secretKey('0123456789abcdef0123456789abcdef');
const tokenOf = (sub: string) => signToken(secret, { sub, role: 'customer' });
const verifying = vi.spyOn(jwt, 'verify');

afterEach(() => void verifying.mockClear());

it('a valid token is verified once, and then found in the cache', () => {
  const verify = createTokenVerifier(secret);
  const token = tokenOf('ann');

  expect(verify(token)).toEqual({ caller: { sub: 'ann', role: 'customer' }, expiresAt: expect.any(Number) });
  expect(verify(token)).toBe(verify(token));
  expect(verifying).toHaveBeenCalledTimes(1);
});

it('the cache of verified tokens holds a maximum number of characters', () => {
  const [ann, bob] = [tokenOf('ann'), tokenOf('bob')];
  const verify = createTokenVerifier(secret, {}, { characters: ann.length + bob.length - 1 });

  for (const token of [ann, bob, bob, ann]) verify(token);

  expect(verifying).toHaveBeenCalledTimes(3);
});
