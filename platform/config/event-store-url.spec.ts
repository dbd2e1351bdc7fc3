import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatEventStoreUrl, parseEventStoreUrl } from './event-store-url.ts';

const reasonAgainst = (url: string): string => {
  try {
    parseEventStoreUrl(url);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
  throw new TypeError(`${url} was accepted`);
};

describe('a connection string of an event store', () => {
  it('gives hosts, user and options, in every spelling that the client allows', () => {
    const address = parseEventStoreUrl(
      'esdb://ann:p%40ss%3A@A.example,b:2114/?TLS=true&node-preference=follower',
    );
    expect(address).toEqual({
      isCluster: true,
      hosts: [
        { host: 'a.example', port: 2113 },
        { host: 'b', port: 2114 },
      ],
      credentials: { user: 'ann', password: 'p@ss:' },
      tls: true,
      options: new Map([
        ['tls', 'true'],
        ['nodePreference', 'follower'],
      ]),
    });
  });

  it.each([
    ['esdb://db', false],
    ['esdb+discover://db', true],
    ['esdb://a,b', true],
  ])('%s names a cluster: %s', (url, isCluster) => {
    expect(parseEventStoreUrl(url).isCluster).toBe(isCluster);
  });

  it('with several hosts behind esdb+discover is formatted so that the client asks each host', () => {
    expect(formatEventStoreUrl(parseEventStoreUrl('esdb+discover://a:1,b:2?tls=false'))).toBe(
      'esdb://a:1,b:2?tls=false',
    );
    expect(formatEventStoreUrl(parseEventStoreUrl('esdb+discover://a:1?tls=false'))).toBe(
      'esdb+discover://a:1?tls=false',
    );
  });

  it('has the same parts after formatting and parsing, for any password', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (password) => {
        const url = formatEventStoreUrl({
          isCluster: false,
          hosts: [{ host: 'db', port: 2113 }],
          credentials: { user: 'ann', password },
          options: new Map([['connectionName', password]]),
        });
        expect(parseEventStoreUrl(url)).toMatchObject({
          credentials: { user: 'ann', password },
          options: new Map([['connectionName', password]]),
        });
      }),
    );
  });
});

describe('a bad connection string is rejected', () => {
  it.each([
    [
      'esdb://db?tlsVerifyCert=false',
      'tlsVerifyCert is not supported by the client: name the CA of the server',
    ],
    ['esdb://db?tls_verify_cert=true', 'tlsVerifyCert is not supported by the client'],
    ['esdb://db?tls=false&TLS-VERIFY-CERT=false', 'tlsVerifyCert is not supported by the client'],
    ['esdb://db?maxAttempts=3', 'its option maxAttempts is not supported: there are tls, tlsCAFile'],
    ['esdb://db?throwOnAppendFailure=false', 'throwOnAppendFailure should be true'],
    ['esdb://db?tls=yes', 'tls should be true or false'],
    ['esdb://db?tls=true&tls=false', 'tls is given twice'],
    ['esdb://db?tls', '?name=value'],
    ['esdb://db?tlsCAFile=/nowhere/ca.pem', 'a file that cannot be read, /nowhere/ca.pem (ENOENT)'],
    ['esdb://db?userCertFile=package.json', 'userCertFile and userKeyFile belong together'],
    ['esdb://db?keepAliveInterval=100', 'a whole number from 10000, or -1'],
    ['esdb://ann@db', 'should be user:password'],
    ['esdb://ann:pla:nted@db', 'should be user:password'],
    ['esdb://ann:pla@nted@db', 'should be user:password'],
    ['esdb://ann:pla%nted@db', 'the password has a % that begins no percent-encoded character'],
    ['esdb://ann:pla/nted@db', 'should be user:password'],
    ['esdb://ann:planted', 'each of its hosts should be'],
    ['esdb://db:99999', '65535'],
    ['esdb://a,,b', 'each of its hosts should be'],
    ['esdb://db#planted', 'esdb://'],
    ['http://ann:planted@db', 'esdb://'],
  ])('%s', (url, reason) => {
    expect(reasonAgainst(url)).toContain(reason);
    expect(reasonAgainst(url)).not.toMatch(/planted|pla/);
  });
});
