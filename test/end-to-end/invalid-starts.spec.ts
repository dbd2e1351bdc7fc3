import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { isServing, waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { orderstream, readyUrls, type TestEnvironment } from '../support/system.ts';

const systems = new StartedSystems();
afterEach(() => systems.end());

const linesOf = (text: string) => text.trim().split('\n');

/** Runs a start that fails; it has ended only when none of its processes is left. */
async function failedStart(environment: TestEnvironment, ...args: readonly string[]) {
  const { code, stderr } = await systems.start(environment, ...args).ended;
  return { code, lines: linesOf(stderr) };
}

/** Matches exit code 1 and one line on stderr with these words in this order. */
const oneSentence = (...words: string[]) => {
  const quoted = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { code: 1, lines: [expect.stringMatching(new RegExp(quoted.join('.*')))] };
};

describe('a start with an invalid setting ends with one sentence and leaves no process when', () => {
  let taken: Server;
  let takenPort: string;
  let folder: string;
  let file: string;
  const shared = new StartedSystems();
  let withEventStore: TestEnvironment;
  beforeAll(async () => {
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    takenPort = String(typeof address === 'object' ? address?.port : '');
    folder = await mkdtemp(join(tmpdir(), 'orderstream-'));
    file = join(folder, 'file');
    await writeFile(file, 'not a folder');
    withEventStore = await shared.createEnvironment();
    shared.start(withEventStore, 'eventstore');
  });
  afterAll(async () => {
    taken.close();
    await shared.end();
    await rm(folder, { recursive: true });
  });

  it.each(['COMMAND_PORT', 'QUERY_PORT'])('the port of %s is in use', async (setting) => {
    const environment = await systems.createEnvironment({ [setting]: takenPort });
    expect(await failedStart(environment)).toMatchObject(
      oneSentence(`127.0.0.1:${takenPort} is already in use`, setting),
    );
  });

  it("the event store's port is in use", async () => {
    const environment = await systems.createEnvironment({
      EVENTSTORE_URL: `esdb://127.0.0.1:${takenPort}?tls=false`,
    });
    const sentence = (setting: string) =>
      oneSentence(`127.0.0.1:${takenPort} is already in use`, `another port with ${setting}`);
    expect(await failedStart(environment)).toMatchObject(sentence('EVENTSTORE_URL'));
    expect(await failedStart(environment, 'eventstore')).toMatchObject(sentence('EVENTSTORE_URL'));
    expect(await failedStart(environment, 'eventstore', '--port', takenPort)).toMatchObject(
      sentence('--port'),
    );
  });

  it.each([
    ['process-managers', 'PROCESS_MANAGERS_PORT'],
    ['projections', 'PROJECTIONS_PORT'],
    ['write-side', 'COMMAND_PORT'],
    ['read-api', 'QUERY_PORT'],
  ])('the port of %s is in use, as a single role', async (role, setting) => {
    const environment = { ...withEventStore, env: { ...withEventStore.env, [setting]: takenPort } };
    expect(await failedStart(environment, role)).toMatchObject(
      oneSentence(`127.0.0.1:${takenPort} is already in use`, setting),
    );
  });

  it('the data folder is below a file', async () => {
    const environment = await systems.createEnvironment({ DATA_DIR: join(file, 'data') });
    const sentence = oneSentence('DATA_DIR', join(file, 'data'), `${file} is not a folder`);
    expect(await failedStart(environment)).toMatchObject(sentence);
    expect(await failedStart(environment, 'eventstore')).toMatchObject(sentence);
  });

  it('the data folder is a file, and another setting is invalid too', async () => {
    const environment = await systems.createEnvironment({ DATA_DIR: file, COMMAND_PORT: 'x' });
    expect(await failedStart(environment)).toMatchObject({
      code: 1,
      lines: [expect.stringMatching(/^COMMAND_PORT is "x"/), expect.stringMatching(/^DATA_DIR is "/)],
    });
  });

  it.runIf(process.platform === 'linux')('the data folder cannot be created', async () => {
    for (const JWT_SECRET of ['a secret for tests that is long enough', undefined]) {
      const environment = await systems.createEnvironment({ DATA_DIR: '/proc/absent', JWT_SECRET });
      expect(await failedStart(environment)).toMatchObject(oneSentence('DATA_DIR', '/proc/absent'));
    }
  });

  it('a new secret cannot be saved', async () => {
    const environment = await systems.createEnvironment({
      DATA_DIR: join(file, 'data'),
      JWT_SECRET: undefined,
    });
    const { code, stdout, stderr } = await orderstream(
      ['token', '--sub', 'a', '--role', 'admin'],
      environment.env,
    );
    expect({ code, stdout, lines: linesOf(stderr) }).toEqual({
      ...oneSentence(join(file, 'data')),
      stdout: '',
    });
  });

  it("the read store's folder is below a file", async () => {
    const environment = await systems.createEnvironment({
      READ_STORE_URL: `sqlite:${join(file, 'read-store')}`,
    });
    expect(await failedStart(environment)).toMatchObject(oneSentence(join(file, 'read-store')));
  });

  it.each([
    ['LOG_LEVEL', 'loud', 'info'],
    ['COMMAND_PORT', '70000', '65535'],
    ['EVENTSTORE_URL', 'http://127.0.0.1:2113', 'esdb://'],
    ['EVENTSTORE_URL', 'esdb://127.0.0.1:2113', '?tls=false'],
    ['EVENTSTORE_URL', 'esdb://127.0.0.1:0?tls=false', 'port'],
    ['EVENTSTORE_URL', 'esdb://127.0.0.1:99999?tls=false', '65535'],
    ['EVENTSTORE_URL', 'esdb://127.0.0.1:port?tls=false', 'esdb://'],
    ['EVENTSTORE_URL', 'esdb://a b?tls=false', 'esdb://'],
    ['READ_STORE_URL', 'postgres://127.0.0.1/shop', 'mongodb://'],
  ])('%s is %s', async (setting, value, allowed) => {
    const environment = await systems.createEnvironment({ [setting]: value });
    expect(await failedStart(environment)).toMatchObject(oneSentence(setting, value, 'allowed', allowed));
  });

  it('several variables and options are invalid, and names each on its own line', async () => {
    const environment = await systems.createEnvironment({
      COMMAND_PORT: '70000',
      LOG_LEVEL: 'loud',
      EVENTSTORE_URL: 'esdb://127.0.0.1:2113',
      JWT_SECRET: 'hunter2',
    });
    expect(await failedStart(environment, '--port', '2114')).toEqual({
      code: 1,
      lines: [
        'COMMAND_PORT is "70000"; allowed: a whole number from 0 to 65535',
        'JWT_SECRET is "a text of 7 bytes"; allowed: at least 32 bytes',
        'LOG_LEVEL is "loud"; allowed: error, warn, info, debug',
        expect.stringMatching(/^EVENTSTORE_URL is "esdb:\/\/127.0.0.1:2113"; allowed: \?tls=false/),
        expect.stringMatching(/^--port is 2114; allowed: the port of EVENTSTORE_URL/),
      ],
    });
  });

  it('the secret is too short, and does not show it', async () => {
    const environment = await systems.createEnvironment({ JWT_SECRET: 'only-thirty-one-bytes-long-here' });
    const failed = await failedStart(environment);
    expect(failed).toMatchObject(oneSentence('JWT_SECRET', 'allowed', '32'));
    expect(failed.lines.join()).not.toContain('only-thirty-one');
  });

  it('there is no secret and no master key, and an address is not loopback', async () => {
    const environment = await systems.createEnvironment({
      JWT_SECRET: undefined,
      MASTER_KEY: undefined,
      HOST: '0.0.0.0',
    });
    expect(await failedStart(environment)).toMatchObject({
      code: 1,
      lines: [
        expect.stringMatching(/^JWT_SECRET is absent.* 0\.0\.0\.0 /),
        expect.stringMatching(/^MASTER_KEY is absent.* 0\.0\.0\.0 /),
      ],
    });
  });

  it("the event store's folder is in use; the process that uses it keeps running", async () => {
    const first = await systems.createEnvironment();
    const [live] = readyUrls(first, ['eventstore']);
    await waitUntilServing(systems.start(first, 'eventstore'), [String(live)]);
    const second = await systems.createEnvironment({ DATA_DIR: first.env.DATA_DIR });
    const sentence = oneSentence(join(String(first.env.DATA_DIR), 'event-store'));
    expect(await failedStart(second)).toMatchObject(sentence);
    expect(await isServing(String(live))).toBe(true);
  });

  it('the read store was built from another event store', async () => {
    const first = await systems.createEnvironment();
    const system = systems.start(first);
    await waitUntilServing(system, readyUrls(first));
    const made = await createShopClient(first).createItem('mug', 1);
    expect(await createShopClient(first).readBack('/inventory/items/mug', made)).toMatchObject({
      status: 200,
    });
    system.signal('SIGTERM');
    await system.ended;
    const second = await systems.createEnvironment({
      READ_STORE_URL: `sqlite:${join(String(first.env.DATA_DIR), 'read-store')}`,
    });
    expect(await failedStart(second)).toMatchObject(oneSentence('another event store'));
  });
});

describe('the program ends with one sentence for an invalid option of', () => {
  it.each([
    [['write-side', '--memory'], '--memory'],
    [['read-api', '--data', 'elsewhere'], '--data'],
    [['--port', '1'], '--port'],
    [['eventstore', 'write-side', '--port', '1'], '--port'],
  ])('start %j', async (args, option) => {
    const { code, stderr } = await systems.start(await systems.createEnvironment(), ...args).ended;
    expect({ code, lines: linesOf(stderr) }).toEqual(oneSentence(option, 'allowed'));
  });

  it.each(['', 'x'.repeat(129), 'a\nb', '$all', '..', 'a/b', 'ann lee'])('token --sub %j', async (sub) => {
    const { env } = await systems.createEnvironment();
    const { code, stdout, stderr } = await orderstream(['token', '--sub', sub, '--role', 'admin'], env);
    expect({ code, stdout, lines: linesOf(stderr) }).toEqual({ ...oneSentence('--sub', '128'), stdout: '' });
  });
});

describe('a word on the command line', () => {
  it.each([
    [['start', 'warehouse'], 'warehouse'],
    [['start', '--colour', 'red'], '--colour'],
    [['fly'], 'fly'],
    [['token', '--sub', 'ann', '--role', 'boss'], 'boss'],
    [['token', '--sub', 'ann'], '--role'],
    [['start', 'eventstore', '--port', '70000'], '70000'],
    [['start', '--data', ' '], '--data'],
    [['replay'], 'file'],
  ])('in %j is rejected with a usage hint when it is unknown', async (args, word) => {
    const { code, stderr } = await orderstream(args);
    expect(code).not.toBe(0);
    expect(stderr.split('\n')[0]).toContain(word);
    expect(stderr).toContain('Usage: orderstream');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is listed by --help when it is a command, role or setting', async () => {
    const { code, stdout } = await orderstream(['--help']);
    expect(code).toBe(0);
    for (const word of ['start', 'token', 'replay']) expect(stdout).toContain(word);
    const start = await orderstream(['start', '--help']);
    for (const word of [
      'eventstore',
      'write-side',
      'process-managers',
      'projections',
      'read-api',
      '--memory',
      '--port',
      '--data',
    ])
      expect(start.stdout).toContain(word);
  });
});
