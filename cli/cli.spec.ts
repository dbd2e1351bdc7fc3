import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openCli } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orderstream-cli-'));
  vi.stubEnv('XDG_CONFIG_HOME', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const fallback = { token: async () => 'local.token.x', renew: async () => undefined };
const tokenFor = (server: string) => openCli({ server }, { fallback }).client.token();

it('without a log-in, a token of this machine is used at its own addresses, and sent nowhere else', async () => {
  for (const server of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])
    expect(await tokenFor(server)).toBe('local.token.x');
  for (const server of [
    'https://shop.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
  ])
    await expect(tokenFor(server)).rejects.toMatchObject({ exitCode: 3 });
});
