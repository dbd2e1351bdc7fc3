import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { ConfigError, ConfigErrors } from './config-error.ts';
import { settings } from './settings.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const long = 'x'.repeat(32);

function errorOf(env: Record<string, string>): ConfigError {
  try {
    readConfig({ DATA_DIR: dataDir, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('an empty environment', () => {
  it('gives the defaults', () => {
    const { secret, masterKey, ...config } = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: '' });
    expect(config).toEqual({
      eventStoreUrl: 'esdb://127.0.0.1:2113?tls=false',
      readStoreUrl: `sqlite:${join(dataDir, 'read-store')}`,
      keyStoreUrl: `sqlite:${join(dataDir, 'key-store')}`,
      dataDir,
      host: '127.0.0.1',
      commandPort: 3001,
      queryPort: 3002,
      gatewayPort: 8080,
      publicUrl: 'http://127.0.0.1:8080',
      trustedProxies: [],
      gatewayMetricsPort: 0,
      commandUrl: new URL('http://127.0.0.1:3001'),
      queryUrl: new URL('http://127.0.0.1:3002'),
      projectionsPort: 0,
      processManagersPort: 0,
      tokenIssuer: undefined,
      tokenAudience: undefined,
      corsOrigins: [],
      imageOrigins: [],
      accountConfirmation: false,
      publicCatalogue: true,
      accessLog: undefined,
      logLevel: 'info',
      paymentProvider: 'simulated',
      carrier: 'auto',
      smtpUrl: undefined,
      mailFrom: { address: 'orderstream@localhost' },
      rateLimit: undefined,
      gatewayRateLimit: { requests: 300, perSeconds: 10 },
      signUpRateLimit: 60,
      fulfilment: {
        firstDeadlineMs: 3_000,
        maxDeadlineMs: 60_000,
        paymentGiveUpMs: 20_000,
        firstDispatchMs: 5_000,
        maxDispatchMs: 3_600_000,
      },
    });
    expect(secret.type).toBe('secret');
    expect(masterKey).toBeUndefined();
  });

  it('creates a secret in DATA_DIR, which only its owner may read', () => {
    const folder = join(dataDir, 'not', 'there', 'yet');
    const first = readConfig({ DATA_DIR: folder });
    const file = join(folder, 'jwt-secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toMatch(/^[\w-]{64}$/);
    expect(readConfig({ DATA_DIR: folder }).secret.equals(first.secret)).toBe(true);
  });
});

it('readConfig reads the rate limit from two variables', () => {
  const { rateLimit } = readConfig({
    DATA_DIR: dataDir,
    RATE_LIMIT_REQUESTS: '100',
    RATE_LIMIT_SECONDS: '60',
  });
  expect(rateLimit).toEqual({ requests: 100, perSeconds: 60 });
});

it('readConfig reads token issuer and audience, CORS origins and access log from the environment', () => {
  expect(
    readConfig({
      DATA_DIR: dataDir,
      TOKEN_ISSUER: 'https://login.example/',
      TOKEN_AUDIENCE: 'orderstream',
      CORS_ORIGINS: 'https://shop.example, http://localhost:5173,https://shop.example',
      ACCESS_LOG: 'off',
    }),
  ).toMatchObject({
    tokenIssuer: 'https://login.example/',
    tokenAudience: 'orderstream',
    corsOrigins: ['https://shop.example', 'http://localhost:5173'],
    accessLog: 'off',
  });
});

describe('a bad value', () => {
  it.each([
    ['*', '"*" is not an origin'],
    ['null', '"null" is not an origin'],
    ['shop.example', '"shop.example" is not an origin'],
    ['https://shop.example/', '"https://shop.example/" is not an origin; https://shop.example is one'],
    ['https://Shop.example', '"https://Shop.example" is not an origin; https://shop.example is one'],
    ['https://shop.example:443', '"https://shop.example:443" is not an origin; https://shop.example is one'],
    [
      'https://a.example,https://b.example/path',
      '"https://b.example/path" is not an origin; https://b.example is one',
    ],
    ['https://*.example', '"https://*.example" is not an origin'],
    ['https://a.example,', '"" is not an origin'],
    ['https://a.example https://b.example', '"https://a.example https://b.example" is not an origin'],
    ['ftp://a.example', '"ftp://a.example" is not an origin'],
    [
      'https://ann:secret@a.example',
      '"https://ann:secret@a.example" is not an origin; https://a.example is one',
    ],
  ])('CORS_ORIGINS=%s is rejected, and the error names the bad entry', (list, why) => {
    const { message } = errorOf({ CORS_ORIGINS: list });
    expect(message).toContain('CORS_ORIGINS');
    expect(message).toContain('such as https://shop.example');
    expect(message.endsWith(why)).toBe(true);
  });

  it.each([
    ['COMMAND_PORT', '65536', 'a whole number from 0 to 65535'],
    ['QUERY_PORT', 'http', 'a whole number from 0 to 65535'],
    ['QUERY_PORT', '-1', 'a whole number from 0 to 65535'],
    ['HOST', 'a b', 'a host name or an IP address'],
    ['LOG_LEVEL', 'loud', 'error, warn, info, debug'],
    ['PAYMENT_PROVIDER', 'stripe', 'simulated'],
    ['CARRIER', 'Auto', 'auto, manual'],
    ['MAIL_FROM', 'The Shop', 'a mail address, or a name and the address in angle brackets'],
    ['READ_STORE_URL', 'postgres://x', 'sqlite:FOLDER, mongodb://… or mongodb+srv://…'],
    ['PAYMENT_GIVE_UP_MS', '0', 'a whole number from 1 to 2592000000'],
    ['RATE_LIMIT_SECONDS', '0', 'a whole number from 1 to 86400'],
  ])('%s=%s is rejected with the allowed values', (name, value, allowed) => {
    const error = errorOf({ [name]: value });
    expect(error).toMatchObject({ setting: name, value: JSON.stringify(value), allowed });
    expect(error.message).toBe(`${name} is ${JSON.stringify(value)}; allowed: ${allowed}`);
  });

  it('is not shown when it is a secret', () => {
    expect(errorOf({ JWT_SECRET: 'hunter2' }).message).toBe(
      'JWT_SECRET is "a text of 7 bytes"; allowed: at least 32 bytes',
    );
    expect(errorOf({ EVENTSTORE_URL: 'http://admin:changeit@db:2113' }).message).not.toContain('changeit');
    const { message } = errorOf({ SMTP_URL: 'smtp://ann:planted@mail.example?tls=off' });
    expect(message).toContain('SMTP_URL is "smtp://[hidden]@mail.example?tls=off"');
    expect(message).toContain('with a user and a password, its option tls should be required');
  });

  it('is a maximum timeout that is shorter than the first timeout', () => {
    const { setting, allowed } = errorOf({ FULFILMENT_MAX_DEADLINE_MS: '10' });
    expect([setting, allowed]).toEqual([
      'FULFILMENT_MAX_DEADLINE_MS',
      'at least FULFILMENT_FIRST_DEADLINE_MS, which is 3000',
    ]);
  });
});

describe('several bad values', () => {
  const linesOf = (env: Record<string, string>, options = {}) => {
    try {
      readConfig({ DATA_DIR: dataDir, ...env }, options);
    } catch (error) {
      if (error instanceof ConfigErrors) return error.message.split('\n');
      throw error;
    }
    throw new Error('the configuration was accepted');
  };

  it('are all named in one error, each with the allowed values, and no secret is created', () => {
    const env = {
      COMMAND_PORT: '70000',
      LOG_LEVEL: 'loud',
      JWT_SECRET: 'hunter2',
      READ_STORE_URL: 'mysql://root:changeit@db/shop',
      DISPATCH_MAX_DEADLINE_MS: '10',
    };
    expect(linesOf(env)).toEqual([
      'READ_STORE_URL is "mysql://[hidden]@db/shop"; allowed: sqlite:FOLDER, mongodb://… or mongodb+srv://…',
      'COMMAND_PORT is "70000"; allowed: a whole number from 0 to 65535',
      'JWT_SECRET is "a text of 7 bytes"; allowed: at least 32 bytes',
      'LOG_LEVEL is "loud"; allowed: error, warn, info, debug',
      'DISPATCH_MAX_DEADLINE_MS is "10"; allowed: at least DISPATCH_FIRST_DEADLINE_MS, which is 5000',
    ]);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('are reported together with an absent secret and the errors of a further check', () => {
    const check = ({ host }: { readonly host: string }) => [new ConfigError('--port', host, 'another')];
    expect(linesOf({ HOST: '0.0.0.0', CARRIER: 'none' }, { check })).toEqual([
      'CARRIER is "none"; allowed: auto, manual',
      '--port is 0.0.0.0; allowed: another',
      'JWT_SECRET is absent; allowed: at least 32 bytes, since 0.0.0.0 is not an address of this machine alone',
    ]);
  });

  it('are not compared with other values, so these get no error', () => {
    const env = { FULFILMENT_FIRST_DEADLINE_MS: 'soon', FULFILMENT_MAX_DEADLINE_MS: '10' };
    expect(errorOf(env).setting).toBe('FULFILMENT_FIRST_DEADLINE_MS');
  });
});

describe('a data folder', () => {
  const fileAs = (name: string) => {
    const file = join(dataDir, name);
    writeFileSync(file, '');
    return file;
  };

  it('that is a file is rejected', () => {
    const file = fileAs('file');
    expect(errorOf({ DATA_DIR: file }).message).toBe(
      `DATA_DIR is "${file}"; allowed: a folder that can be created and written; ${file} is not a folder`,
    );
  });

  it('that cannot be created is reported together with other bad values', () => {
    const file = fileAs('file');
    const env = { DATA_DIR: join(file, 'data'), COMMAND_PORT: 'x' };
    expect(() => readConfig(env)).toThrow(
      new ConfigErrors([
        new ConfigError('COMMAND_PORT', '"x"', 'a whole number from 0 to 65535'),
        new ConfigError(
          'DATA_DIR',
          JSON.stringify(env.DATA_DIR),
          `a folder that can be created and written; ${file} is not a folder`,
        ),
      ]),
    );
  });

  it('is not checked when the process creates nothing in it', () => {
    const file = fileAs('file');
    expect(readConfig({ DATA_DIR: file, JWT_SECRET: long }).dataDir).toBe(file);
    const createdPaths = () => [join(file, 'read-store')];
    expect(() => readConfig({ DATA_DIR: file, JWT_SECRET: long }, { createdPaths })).toThrow('DATA_DIR');
  });
});

it('readConfig creates no JWT secret for a process that checks no tokens', () => {
  readConfig({ DATA_DIR: dataDir, HOST: '0.0.0.0' }, { needs: [] });
  expect(readdirSync(dataDir)).toEqual([]);
});

describe('MASTER_KEY', () => {
  const needs = ['jwtSecret', 'masterKey'] as const;
  const read = (env: Record<string, string> = {}) => readConfig({ DATA_DIR: dataDir, ...env }, { needs });
  const given = Buffer.alloc(32, 5);

  it('is 32 bytes in base64', () => {
    expect(read({ MASTER_KEY: given.toString('base64') }).masterKey?.export()).toEqual(given);
    expect(readdirSync(dataDir)).toEqual(['jwt-secret']);
  });

  it.each(['hunter2', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')])(
    'is rejected without being shown: %s',
    (key) => {
      const { message } = errorOf({ MASTER_KEY: key });
      expect(message).toMatch(/^MASTER_KEY is "a text of \d+ bytes"; allowed: 32 bytes in base64/);
      expect(message).not.toContain(key);
    },
  );

  it('is created in DATA_DIR for a process that needs it, and is readable by its owner only', () => {
    const { masterKey } = read();
    const file = join(dataDir, 'master-key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(masterKey?.export()).toEqual(Buffer.from(readFileSync(file, 'utf8'), 'base64'));
    expect(masterKey?.symmetricKeySize).toBe(32);
    expect(read().masterKey?.equals(masterKey as NonNullable<typeof masterKey>)).toBe(true);
  });

  it.each([{ HOST: '0.0.0.0' }, { KEY_STORE_URL: 'mongodb://user:pass@mongo:27017/keys' }])(
    'is required as soon as an address is not loopback: %o',
    (env) => {
      expect(() => read({ JWT_SECRET: long, ...env })).toThrow(/^MASTER_KEY is absent; allowed: 32 bytes/);
      expect(readConfig({ DATA_DIR: dataDir, JWT_SECRET: long, ...env }).masterKey).toBeUndefined();
    },
  );

  it('is rejected when its file has another content', () => {
    writeFileSync(join(dataDir, 'master-key'), 'short', { mode: 0o600 });
    expect(() => read()).toThrow(
      `MASTER_KEY is kept in ${join(dataDir, 'master-key')}, not 32 bytes in base64`,
    );
  });
});

describe('without JWT_SECRET', () => {
  it.each([
    { HOST: '0.0.0.0' },
    { EVENTSTORE_URL: 'esdb://127.0.0.1:2113,events.example:2113' },
    { EVENTSTORE_URL: 'esdb+discover://admin:changeit@cluster.example:2113' },
    { READ_STORE_URL: 'mongodb://user:pass@mongo:27017/shop' },
  ])('an address that is not loopback is rejected: %o', (env) => {
    const error = errorOf(env);
    expect(error.setting).toBe('JWT_SECRET');
    expect(error.value).toBe('absent');
    expect(readConfig({ DATA_DIR: dataDir, JWT_SECRET: long, ...env }).dataDir).toBe(dataDir);
  });

  it.each([
    { HOST: '::1' },
    { HOST: 'localhost', EVENTSTORE_URL: 'esdb://localhost:2113?tls=false' },
    { READ_STORE_URL: 'mongodb://127.0.0.1:27017,localhost:27018/shop' },
  ])('loopback addresses are accepted: %o', (env) => {
    expect(readConfig({ DATA_DIR: dataDir, ...env }).secret.type).toBe('secret');
  });

  it('a stored secret that is too short is rejected', () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'jwt-secret'), 'short', { mode: 0o600 });
    expect(errorOf({}).message).toContain('too short');
  });

  it.skipIf(process.platform === 'win32').each([0o644, 0o640, 0o604, 0o620, 0o601])(
    'a secret file of mode %o is rejected with the command that fixes it',
    (mode) => {
      const file = join(dataDir, 'jwt-secret');
      writeFileSync(file, `${long}\n`);
      chmodSync(file, mode);
      expect(errorOf({}).message).toBe(
        `JWT_SECRET is kept in ${file}, which users other than its owner may read (mode 0${mode.toString(8)}); ` +
          `allowed: a file of mode 0600: chmod 600 ${file}`,
      );
      chmodSync(file, 0o600);
      expect(readConfig({ DATA_DIR: dataDir }).secret.type).toBe('secret');
      chmodSync(file, 0o400);
      expect(readConfig({ DATA_DIR: dataDir }).secret.type).toBe('secret');
    },
  );
});

it('every setting has a valid default, or describes what happens without it', () => {
  for (const { name, schema, fallback, otherwise } of Object.values(settings)) {
    expect(fallback === undefined, name).toBe(otherwise !== undefined);
    if (fallback !== undefined) expect(schema.safeParse(fallback).success, name).toBe(true);
  }
});

describe('ACCOUNT_CONFIRMATION', () => {
  const reachable = { JWT_SECRET: 'x'.repeat(32), MASTER_KEY: Buffer.alloc(32).toString('base64') };
  const confirmationWith = (env: Record<string, string>) =>
    readConfig({ DATA_DIR: dataDir, ...reachable, ...env }).accountConfirmation;

  it('is off while no mails are sent and all addresses are loopback, else on', () => {
    expect(confirmationWith({})).toBe(false);
    expect(confirmationWith({ SMTP_URL: 'smtp://127.0.0.1:2525' })).toBe(true);
    expect(confirmationWith({ HOST: '0.0.0.0' })).toBe(true);
    expect(confirmationWith({ PUBLIC_URL: 'https://shop.example' })).toBe(true);
    expect(confirmationWith({ ACCOUNT_CONFIRMATION: 'on' })).toBe(true);
    expect(confirmationWith({ SMTP_URL: 'smtp://127.0.0.1:2525', ACCOUNT_CONFIRMATION: 'off' })).toBe(false);
  });

  it.each([{ HOST: '0.0.0.0' }, { PUBLIC_URL: 'https://shop.example' }])('cannot be off with %j', (env) => {
    const { message } = errorOf({ ...reachable, ...env, ACCOUNT_CONFIRMATION: 'off' });
    expect(message).toMatch(
      /^ACCOUNT_CONFIRMATION is "off"; allowed: on, since .* is not an address of this machine/,
    );
  });
});
