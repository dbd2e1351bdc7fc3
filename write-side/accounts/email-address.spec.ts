import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { emailHashOf, normalizeEmail } from './email-address.ts';

describe('an e-mail address', () => {
  it('is compared trimmed, in lower case, and with its domain in ASCII', () => {
    expect(normalizeEmail(' Ann.Smith+shop@Example.COM ')).toBe('ann.smith+shop@example.com');
    expect(normalizeEmail('ann@BÜCHER.de')).toBe('ann@xn--bcher-kva.de');
    expect(normalizeEmail('ann@bu\u0308cher.de')).toBe('ann@xn--bcher-kva.de');
  });

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@localhost@',
    'a b@example.com',
    'ann@exa mple.com',
    `${'a'.repeat(250)}@example.com`,
  ])('is not %j', (text) => expect(normalizeEmail(text)).toBeUndefined());

  it('has another hash under another key', () => {
    const hash = emailHashOf(createSecretKey(Buffer.alloc(32, 1)), 'ann@example.com');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(emailHashOf(createSecretKey(Buffer.alloc(32, 1)), 'ann@example.com')).toBe(hash);
    expect(emailHashOf(createSecretKey(Buffer.alloc(32, 2)), 'ann@example.com')).not.toBe(hash);
  });
});
