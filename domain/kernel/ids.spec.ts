import { describe, expect, it } from 'vitest';
import { CustomerId } from './ids.ts';

const accepted = (text: string) => CustomerId.safeParse(text).success;

describe('a customerId', () => {
  it.each([
    'me',
    'guest',
    '17850',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    'ann@example.com',
    'ann+shop@example.com',
    'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    "o'neill",
    'a.',
    '.a',
    'a$b',
    '~[{(!&*,;=^`|)}]_-',
    'x'.repeat(128),
  ])('accepts %s', (id) => {
    expect(accepted(id)).toBe(true);
  });

  it.each(['', 'x'.repeat(129), '$all', '$', '.', '..', '...', 'a b', 'a\n', 'a\u0000', 'é', '\u200b'])(
    'rejects %j',
    (id) => {
      expect(accepted(id)).toBe(false);
    },
  );

  it('rejects characters with a meaning in a path, a query or HTML', () => {
    expect([...'/\\?#%"<>'].filter((character) => accepted(`a${character}b`))).toEqual([]);
  });

  it('accepts every other visible ASCII character', () => {
    const visible = Array.from({ length: 0x7e - 0x21 + 1 }, (_, at) => String.fromCharCode(0x21 + at));
    const rejected = visible.filter((character) => !accepted(`a${character}`));
    expect(rejected.sort()).toEqual([...'/\\?#%"<>'].sort());
  });

  it('is unchanged after percent-encoding in a path', () => {
    for (const id of ['auth0|5f7c', 'a&b=c;d', '~[{(!&*,;=^`|)}]_-'])
      expect(accepted(decodeURIComponent(encodeURIComponent(id)))).toBe(true);
  });
});
