import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { type CliUser, createCliUser } from '../testing/run-cli.ts';
import { Credentials, type LogIn } from './credentials.ts';
import { storedLogIn } from './tokens.ts';

let gateway: FakeGateway;
let user: CliUser;
beforeEach(async () => {
  gateway = await startFakeGateway();
  user = await createCliUser();
});
afterEach(async () => {
  await user.remove();
  await gateway.close();
});

const folder = () => join(user.folder, 'config', 'orderstream');
const file = () => join(folder(), 'credentials.json');
const credentials = () => new Credentials(folder());
const HOUR = 3_600_000;
const ann = (tokens: Partial<LogIn> = {}): LogIn => ({
  email: 'ann@example.com',
  user: { userId: 'u-1', role: 'admin', name: 'Ann' },
  accessToken: 'access-1',
  accessExpiresAt: Date.now() + HOUR,
  refreshToken: 'refresh-1',
  ...tokens,
});
const store = (logIn: LogIn) => credentials().update(gateway.url, async () => logIn);

/** Answers like sessions of the command API: each refresh token is accepted once. */
function serveSessions() {
  let number = 1;
  gateway.answerWith(({ method, url, body, headers }) => {
    if (url === '/api/v1/sessions/refresh') {
      if ((body as { refreshToken: string }).refreshToken !== `refresh-${number}`)
        return { status: 401, body: {} };
      number += 1;
      return { body: { accessToken: `access-${number}`, expiresIn: 900, refreshToken: `refresh-${number}` } };
    }
    if (headers.authorization !== `Bearer access-${number}`)
      return { status: 401, body: { detail: 'expired' } };
    return method === 'DELETE' ? { status: 204 } : { body: { items: [], next: null } };
  });
}
const refreshes = () => gateway.requests.filter(({ url }) => url === '/api/v1/sessions/refresh');
const list = () => user.run('items', 'list', '--server', gateway.url);

describe('stored log-ins', () => {
  it('are kept per server in a file that only its owner may read, and written as a whole', async () => {
    await store(ann());
    await credentials().update('http://other.example', async () => ann({ accessToken: 'other' }));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(folder())).mode & 0o777).toBe(0o700);
    expect(Object.keys(JSON.parse(await readFile(file(), 'utf8')))).toEqual([
      gateway.url,
      'http://other.example',
    ]);
    await credentials().update(gateway.url, async () => undefined);
    expect(await credentials().read(gateway.url)).toBeUndefined();
    expect(await credentials().read('http://other.example')).toMatchObject({ accessToken: 'other' });
    expect(await readdir(folder())).toEqual(['credentials.json']);
  });

  it('are not used when other users may read the file, or it is damaged', async () => {
    await store(ann());
    await chmod(file(), 0o644);
    expect(await list()).toMatchObject({ code: 1, stderr: expect.stringContaining('chmod 600') });
    await chmod(file(), 0o600);
    await writeFile(file(), '{"http');
    expect(await list()).toMatchObject({ code: 1, stderr: expect.stringContaining('damaged') });
    expect(gateway.requests).toEqual([]);
  });

  it('lose no change when many processes store at once', async () => {
    const servers = Array.from({ length: 8 }, (_, number) => `http://shop-${number}.example`);
    await Promise.all(servers.map((server) => credentials().update(server, async () => ann())));
    for (const server of servers) expect(await credentials().read(server)).toBeDefined();
  });
});

describe('an expired access token', () => {
  it('is refreshed before it is sent, and the new tokens are stored', async () => {
    serveSessions();
    await store(ann({ accessExpiresAt: Date.now() - 1 }));
    expect(await list()).toMatchObject({ code: 0 });
    expect(await credentials().read(gateway.url)).toMatchObject({
      user: { userId: 'u-1' },
      email: 'ann@example.com',
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
    });
    expect(await list()).toMatchObject({ code: 0 });
    expect(refreshes()).toHaveLength(1);
  });

  it('is refreshed once by several processes at the same time: no spent token is sent', async () => {
    serveSessions();
    await store(ann({ accessExpiresAt: Date.now() - 1 }));
    const sources = Array.from({ length: 6 }, () => storedLogIn(gateway.url, credentials()));
    expect(await Promise.all(sources.map((source) => source.token()))).toEqual(Array(6).fill('access-2'));
    expect(refreshes()).toHaveLength(1);
  });

  it('is refreshed when the server rejects it early, and the request is sent again', async () => {
    serveSessions();
    await store(ann({ accessToken: 'revoked' }));
    expect(await list()).toMatchObject({ code: 0 });
    expect(refreshes()).toHaveLength(1);
  });

  it('is refreshed again with the same token when the response was lost', async () => {
    let count = 0;
    gateway.answerWith(({ url }) => {
      if (url !== '/api/v1/sessions/refresh') return { body: { items: [], next: null } };
      return ++count === 1
        ? 'hang up'
        : { body: { accessToken: 'access-2', expiresIn: 900, refreshToken: 'refresh-2' } };
    });
    await store(ann({ accessExpiresAt: 0 }));
    expect(await list()).toMatchObject({ code: 0 });
    expect(refreshes().map(({ body }) => body)).toEqual(Array(2).fill({ refreshToken: 'refresh-1' }));
  });

  it('of an ended session removes the log-in: exit code 3', async () => {
    gateway.answerWith(() => ({ status: 401, body: { detail: 'the session has ended' } }));
    await store(ann({ accessExpiresAt: 0 }));
    expect(await list()).toMatchObject({ code: 3, stderr: expect.stringContaining('orderstream login') });
    expect(await credentials().read(gateway.url)).toBeUndefined();
  });

  it('keeps the log-in when the server cannot be reached', async () => {
    const { url } = gateway;
    await credentials().update(url, async () => ann({ accessExpiresAt: 0 }));
    await gateway.close();
    expect(await user.run('items', 'list', '--server', url)).toMatchObject({ code: 5 });
    gateway = await startFakeGateway();
    expect(await credentials().read(url)).toMatchObject({ refreshToken: 'refresh-1' });
  });
});

describe('logging out', () => {
  it('ends the session at the server and removes the log-in, also when it has ended already', async () => {
    serveSessions();
    await store(ann());
    expect(await user.run('logout', '--server', gateway.url)).toMatchObject({ code: 0 });
    expect(gateway.requests).toMatchObject([{ method: 'DELETE', url: '/api/v1/sessions/current' }]);
    await store(ann({ accessToken: 'gone', refreshToken: 'gone' }));
    expect(await user.run('logout', '--server', gateway.url)).toMatchObject({ code: 0 });
    expect(await credentials().read(gateway.url)).toBeUndefined();
  });
});

it('a machine token shows its claims once the server has accepted it, and is never stored', async () => {
  gateway.answerWith(() => ({ body: { customerId: 'me' } }));
  const claims = Buffer.from(JSON.stringify({ sub: 'me', role: 'operator', exp: 1_800_000_000 })).toString(
    'base64url',
  );
  const { code, stdout } = await user.run(
    'whoami',
    '--json',
    '--server',
    gateway.url,
    '--token',
    `e30.${claims}.x`,
  );
  expect({ code, shown: JSON.parse(stdout) }).toEqual({
    code: 0,
    shown: { sub: 'me', role: 'operator', expires: '2027-01-15T08:00:00.000Z' },
  });
  gateway.answerWith(() => ({ status: 401, body: { detail: 'signed with another secret' } }));
  expect(await user.run('whoami', '--server', gateway.url, '--token', `e30.${claims}.x`)).toMatchObject({
    code: 3,
  });
  await mkdir(folder(), { recursive: true });
  expect(await readdir(folder())).toEqual([]);
});
