import { describe, expect, it } from 'vitest';
import { forwardedFields } from './header-fields.ts';

const forwarded = (rawHeaders: readonly string[], connection?: string) => ({
  ...forwardedFields(rawHeaders, connection, (name) => name === 'x-secret'),
});

describe('the fields of a message that go further', () => {
  it('have lower-case names, and all values of a field that was sent more than once', () => {
    expect(forwarded(['Accept', 'a', 'If-Match', '"1"', 'accept', 'b', 'ACCEPT', ''])).toEqual({
      accept: ['a', 'b', ''],
      'if-match': '"1"',
    });
  });

  it('are not those of the connection, those that Connection names, and those to drop', () => {
    const raw = ['TE', 'trailers', 'X-Hop', '1', 'X-Secret', '2', 'Connection', 'X-Hop', 'X-Keep', '3'];
    expect(forwarded(raw, 'X-Hop')).toEqual({ 'x-keep': '3' });
  });

  it('may have the name of a property that each object has', () => {
    expect(Object.entries(forwarded(['Constructor', 'a', '__proto__', 'b', 'toString', 'c']))).toEqual([
      ['constructor', 'a'],
      ['__proto__', 'b'],
      ['tostring', 'c'],
    ]);
  });
});
