import { describe, expect, it } from 'vitest';
import { describeBadSmtpUrl, parseSmtpUrl } from './smtp-url.ts';

describe('SMTP_URL', () => {
  it.each([
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, tls: 'optional' }],
    ['smtp://localhost', { host: 'localhost', port: 587, tls: 'optional' }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025, tls: 'optional' }],
    ['smtp://mail.example', { host: 'mail.example', port: 587, tls: 'required' }],
    ['smtp://mailpit:1025?tls=off', { host: 'mailpit', port: 1025, tls: 'off' }],
    ['smtps://mail.example', { host: 'mail.example', port: 465, tls: 'from-start' }],
  ])('%s names a server, and how the connection is encrypted', (url, server) => {
    expect(parseSmtpUrl(url)).toEqual(server);
  });

  it('has user and password percent-encoded', () => {
    expect(parseSmtpUrl('smtp://ann:p%40ss%3A@mail.example/?tls=required').credentials).toEqual({
      user: 'ann',
      password: 'p@ss:',
    });
  });

  it.each([
    ['http://mail.example', 'it should be smtp://host:port or smtps://host:port'],
    ['smtp://', 'its host should be a name or an IP address, and :port'],
    ['smtp://mail.example:0', 'its port 0 should be from 1 to 65535'],
    ['smtp://mail.example:99999', 'its port 99999 should be from 1 to 65535'],
    ['smtp://mail.example?tls=maybe', 'its option tls should be required, optional or off'],
    ['smtps://mail.example?tls=off', 'its option tls is for smtp:// only: smtps:// is always encrypted'],
    [
      'smtp://ann:planted@mail.example?tls=off',
      'with a user and a password, its option tls should be required',
    ],
    [
      'smtp://ann@mail.example',
      'the text before its @ should be user:password, with : @ / ? # % of either percent-encoded, such as %40 for @',
    ],
    [
      'smtp://mail.example?pool=true',
      'its options should be tls=required, optional or off, and tlsCAFile=path',
    ],
    [
      'smtp://mail.example?tlsCAFile=/nowhere/ca.pem',
      'its option tlsCAFile names a file that cannot be read, /nowhere/ca.pem (ENOENT)',
    ],
  ])('%s is rejected: %s', (url, why) => {
    expect(describeBadSmtpUrl(url)).toBe(why);
  });
});
