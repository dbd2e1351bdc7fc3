import { describe, expect, it } from 'vitest';
import { createSessionCookies, hasSessionCookie } from './session-cookies.ts';

const tokens = {
  accessToken: 'a.b.c',
  accessSeconds: 900,
  refreshToken: 'id.secret',
  refreshSeconds: 2_592_000,
};

describe('the cookies of a session', () => {
  it('over http are HttpOnly and SameSite=Lax, for all paths of this host', () => {
    expect(createSessionCookies(false).set(tokens)).toEqual([
      'orderstream_access=a.b.c; Max-Age=900; Path=/; HttpOnly; SameSite=Lax',
      'orderstream_refresh=id.secret; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax',
    ]);
  });

  it('over https are Secure too, and bound to this host by their names', () => {
    expect(createSessionCookies(true).set(tokens)).toEqual([
      '__Host-orderstream_access=a.b.c; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-orderstream_refresh=id.secret; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
  });

  it('are deleted by an empty value that has expired', () => {
    expect(createSessionCookies(true).clear()).toEqual([
      '__Host-orderstream_access=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-orderstream_refresh=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
  });

  it('are read from the Cookie header among others', () => {
    const cookies = createSessionCookies(false);
    const header = 'theme=dark; orderstream_refresh=id.secret; orderstream_access=a.b.c';
    expect([cookies.accessToken(header), cookies.refreshToken(header)]).toEqual(['a.b.c', 'id.secret']);
  });

  it.each([
    ['no header', undefined],
    ['other cookies', 'theme=dark'],
    ['a deleted cookie', 'orderstream_access='],
    ['a name that only begins like theirs', 'orderstream_access2=a.b.c'],
  ])('are absent with %s', (_, header) => {
    expect(createSessionCookies(false).accessToken(header)).toBeUndefined();
  });

  it('without the prefix do not count over https: another host of the domain can set them', () => {
    const cookies = createSessionCookies(true);
    expect(cookies.accessToken('orderstream_access=a.b.c')).toBeUndefined();
    expect(cookies.accessToken('__Host-orderstream_access=a.b.c')).toBe('a.b.c');
  });

  it('are recognized in a header with and without the prefix', () => {
    const headers = ['__Host-orderstream_access=a', 'x=1; orderstream_refresh=b', 'theme=dark', undefined];
    expect(headers.map(hasSessionCookie)).toEqual([true, true, false, false]);
  });
});
