import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecretsOf, redactUrl } from './redact-url.ts';

describe('a redacted connection string', () => {
  it.each([
    ['esdb://127.0.0.1:2113?tls=false', 'esdb://127.0.0.1:2113?tls=false'],
    ['esdb://127.0.0.1:port?tls=false', 'esdb://127.0.0.1:port?tls=false'],
    ['mongodb://a:1,b:2/shop?replicaSet=rs0', 'mongodb://a:1,b:2/shop?replicaSet=rs0'],
    ['mongodb://[::1]:27017/shop', 'mongodb://[::1]:27017/shop'],
    ['localhost:2113', 'localhost:2113'],
    ['sqlite:./data', 'sqlite:./data'],
    [
      'esdb+discover://ann:planted@db?tls_verify_cert=false',
      'esdb+discover://[hidden]@db?tls_verify_cert=false',
    ],
    ['esdb://ann:planted@db:2113?tls=maybe', 'esdb://[hidden]@db:2113?tls=maybe'],
    ['esdb://ann:pla/nted@db', 'esdb://[hidden]@db'],
    ['esdb://ann:pla@nted@db', 'esdb://[hidden]@db'],
    ['esdb://ann:pla?nted@db', 'esdb://[hidden]@db'],
    ['esdb://ann:pla\nnted@db', 'esdb://[hidden]@db'],
    ['esdb://ann:planted', 'esdb://[hidden]'],
    ['esdb://ann:planted?tls=true', 'esdb://[hidden]?tls=true'],
    ['ann:planted@db:2113', '[hidden]@db:2113'],
    ['ann:planted', '[hidden]'],
    ['esdb://db/?password=planted', 'esdb://db/?password=[hidden]'],
    ['esdb://db?planted', 'esdb://db?[hidden]'],
    ['esdb://db#planted', 'esdb://db#[hidden]'],
    [
      'mongodb://db/?tlsCertificateKeyFilePassword=planted',
      'mongodb://db/?tlsCertificateKeyFilePassword=[hidden]',
    ],
  ])('%j is %j', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  it('never contains the text before an @', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 8 });
    fc.assert(
      fc.property(
        part,
        part,
        fc.constantFrom('esdb://', 'mongodb://', 'esdb+discover://', ''),
        (a, b, scheme) => {
          expect(redactUrl(`${scheme}ann:${a}planted${b}@db:2113?tls=false`)).toBe(
            `${scheme}[hidden]@db:2113?tls=false`,
          );
        },
      ),
    );
  });
});

it.each(['/', ''])(
  'a text that quotes a connection string, or its password alone, loses the secrets (db%s)',
  (path) => {
    const url = `mongodb://ann:pl%40nted@db${path}?proxyPassword=other`;
    expect(redactSecretsOf(url, `${url}: pl@nted, pl%40nted and other`)).toBe(
      `mongodb://[hidden]@db${path}?proxyPassword=[hidden]: [hidden], [hidden] and [hidden]`,
    );
  },
);
