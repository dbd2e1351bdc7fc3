import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unavailable } from '../http/response/errors.ts';
import { kitProblems, problemFor } from '../http/response/problems.ts';
import { ChildPasswordHasher } from './child-password-hasher.ts';
import { HASH_OF_NOBODY, PasswordHasherBusy } from './password-hasher.ts';

const runTypeScript = [
  '--import',
  new URL('../../embedded/testing/run-typescript.mjs', import.meta.url).href,
];

describe('the password hasher', () => {
  const hasher = new ChildPasswordHasher({ nodeFlags: runTypeScript, maxWaiting: 4 });
  const verify = () => hasher.verify(HASH_OF_NOBODY, 'correct horse');
  afterAll(() => hasher.close());

  it('hashes by Argon2id with 19 MiB, two passes and one lane, each time with another salt', async () => {
    const [one, other] = [await hasher.hash('correct horse'), await hasher.hash('correct horse')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
  });

  it('recognizes the password of a hash, and no other', async () => {
    const hash = await hasher.hash('correct horse');
    expect(await hasher.verify(hash, 'correct horse')).toBe(true);
    expect(await hasher.verify(hash, 'correct horsf')).toBe(false);
  });

  it('looks at every character of a long password', async () => {
    const long = 'ü'.repeat(127);
    const hash = await hasher.hash(`${long}a`);
    expect(await hasher.verify(hash, `${long}b`)).toBe(false);
  });

  it('verifies a password against the hash of nobody: it never matches', async () => {
    expect(await hasher.verify(HASH_OF_NOBODY, 'correct horse')).toBe(false);
  });

  it('rejects a hash in another format, and goes on', async () => {
    await expect(hasher.verify('$2b$10$x', 'correct horse')).rejects.toThrow('could not be hashed');
    expect(await hasher.verify(HASH_OF_NOBODY, 'correct horse')).toBe(false);
  });

  it('is busy when too many passwords wait, which is 429 with Retry-After', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, verify));
    expect(results.map(({ status }) => status)).toEqual([...Array(4).fill('fulfilled'), 'rejected']);
    const isBusy = Array.from({ length: 4 }, verify);
    expect(() => hasher.throwIfBusy()).toThrow(PasswordHasherBusy);
    await Promise.all(isBusy);
    expect(() => hasher.throwIfBusy()).not.toThrow();
    const busy = (results[4] as PromiseRejectedResult).reason;
    expect(busy).toBeInstanceOf(PasswordHasherBusy);
    expect(problemFor(kitProblems, busy)).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
  });

  it('leaves half of its places to log-ins while new passwords fill the other half', async () => {
    const signUps = Array.from({ length: 10 }, () => hasher.hash('correct horse'));
    const logIns = [verify(), verify()];
    const statuses = (await Promise.allSettled([...signUps, ...logIns])).map(({ status }) => status);
    expect(statuses.slice(0, 10)).toEqual([...Array(2).fill('fulfilled'), ...Array(8).fill('rejected')]);
    expect(statuses.slice(10)).toEqual(['fulfilled', 'fulfilled']);
  });
});

describe('the process of the password hasher', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hasher-'));
  const program = join(folder, 'parent.ts');
  let parent: ChildProcess;
  let pid: number;
  beforeAll(async () => {
    const module = new URL('./child-password-hasher.ts', import.meta.url).href;
    writeFileSync(
      program,
      `import { ChildPasswordHasher } from ${JSON.stringify(module)};
       const hasher = new ChildPasswordHasher({ nodeFlags: ${JSON.stringify(runTypeScript)} });
       await hasher.hash('correct horse');
       console.log(hasher.pid);
       process.stdin.resume();`,
    );
    parent = spawn(process.execPath, [...runTypeScript, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout as NodeJS.ReadableStream, 'data');
    pid = Number(line);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a lower priority than its parent', () => {
    expect(getPriority(pid)).toBeGreaterThan(getPriority(parent.pid));
  });

  it('ends when its parent is killed with SIGKILL', async () => {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

describe('a password that waits while the process ends', () => {
  it('is rejected as unavailable, and the next one starts a new process', async () => {
    const hasher = new ChildPasswordHasher({ nodeFlags: runTypeScript });
    const waiting = hasher.hash('correct horse');
    hasher.close();
    await expect(waiting).rejects.toThrow(Unavailable);
    expect(await hasher.hash('correct horse')).toContain('$argon2id$');
    hasher.close();
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
