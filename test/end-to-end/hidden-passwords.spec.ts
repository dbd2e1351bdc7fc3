import { afterEach, describe, expect, it } from 'vitest';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { orderstream } from '../support/system.ts';
import { waitUntil } from '../support/wait-until.ts';

const systems = new StartedSystems();
afterEach(() => systems.end());

/** The password as written in the URL, and decoded. */
const secrets = /planted-(word|w%6Frd)/;

const invalidUrls = [
  ['EVENTSTORE_URL', 'esdb://ann:planted-word@127.0.0.1:2113?tls=true&tlsVerifyCert=false'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word@127.0.0.1:2113?tls=false&tls_verify_cert=true'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word@127.0.0.1:2113?wrong=true'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word@127.0.0.1:2113'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word@127.0.0.1:0?tls=false'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word@127.0.0.1:port?tls=false'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-w%6Frd%@127.0.0.1:2113?tls=false'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word/@127.0.0.1:2113?tls=false'],
  ['EVENTSTORE_URL', 'esdb://ann:a@planted-word@127.0.0.1:2113?tls=false'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word?@127.0.0.1:2113?tls=false'],
  ['EVENTSTORE_URL', 'esdb://ann:planted-word?tls=false'],
  ['EVENTSTORE_URL', 'ann:planted-word'],
  ['EVENTSTORE_URL', 'http://ann:planted-word@127.0.0.1:2113'],
  ['READ_STORE_URL', 'mongodb://ann:planted-word'],
  ['READ_STORE_URL', 'mongodb://ann:planted-word/@127.0.0.1/shop'],
  ['READ_STORE_URL', 'mongodb://ann:planted-w%6Frd%@127.0.0.1/shop'],
  ['READ_STORE_URL', 'mongodb://ann:planted-w%6Frd@127.0.0.1/shop?tls=maybe'],
  ['READ_STORE_URL', 'mongodb://127.0.0.1/shop?proxyPassword=planted-word'],
  ['READ_STORE_URL', 'postgres://ann:planted-word@127.0.0.1/shop'],
] as const;

describe('the password in an invalid connection string', () => {
  it.concurrent.each(invalidUrls)(
    'is not in the sentence that ends a start with %s=%s',
    async (name, url) => {
      const own = new StartedSystems();
      const launched = own.start(await own.createEnvironment({ [name]: url }));
      const { code, stderr } = await launched.ended;
      await own.end();

      expect(code).toBe(1);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(name)]);
      expect(launched.output()).not.toMatch(secrets);
    },
  );

  it.each([
    ['token', '--sub', 'ann', '--role', 'admin'],
    ['rebuild', '--all'],
    ['replay', 'none.csv'],
  ])('is not shown by %s %s', async (...args) => {
    const { env } = await systems.createEnvironment({ EVENTSTORE_URL: invalidUrls[0][1] });
    const { code, stdout, stderr } = await orderstream(args, env);

    expect(code).toBe(1);
    expect(stderr).toContain('tlsVerifyCert is not supported');
    expect(`${stdout}${stderr}`).not.toMatch(secrets);
  });
});

describe('the password of an unavailable store', () => {
  it.each([
    ['EVENTSTORE_URL', 'esdb://ann:planted-w%6Frd@127.0.0.1:1?tls=true', 'event store'],
    ['EVENTSTORE_URL', 'esdb+discover://ann:planted-word@127.0.0.1:1,127.0.0.1:2', 'event store'],
    [
      'READ_STORE_URL',
      'mongodb://ann:planted-w%6Frd@127.0.0.1:1/shop?serverSelectionTimeoutMS=500',
      'read store',
    ],
  ])('is not shown while a start with %s=%s waits', async (name, url, what) => {
    const environment = await systems.createEnvironment({ [name]: url, LOG_LEVEL: 'debug' });
    const system = systems.start(environment, 'write-side', 'process-managers', 'projections', 'read-api');

    await waitUntil(
      'the wait is printed',
      async () => system.output(),
      (text) => text.includes(what),
    );

    system.signal('SIGTERM');
    await system.ended;
    expect(system.output()).not.toMatch(secrets);
  });
});
