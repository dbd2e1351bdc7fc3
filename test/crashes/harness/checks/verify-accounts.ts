import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventStoreDBClient, START } from '@eventstore/db-client';
import { expect } from 'vitest';
import type { AccountHolders, Holder } from '../load/account-holders.ts';
import type { Fleet } from '../processes/fleet.ts';

/** Longer than the first timeout of the deletion of a mail, whose call may have been lost in a crash. */
const DELETED_WITHIN_MS = 60_000;

/** More failed log-ins from one address would be rejected for a quarter of an hour. */
const MAX_FAILED_LOG_INS = 20;

/** Verifies all accounts of a test by the APIs, the log and the files. Returns figures. */
export async function verifyAccounts(fleet: Fleet, holders: AccountHolders) {
  const { kept, forgotten } = holders;
  for (const holder of kept)
    expect({ email: holder.email, status: (await holders.logIn(holder)).status }).toEqual({
      email: holder.email,
      status: 201,
    });
  for (const holder of forgotten.slice(-MAX_FAILED_LOG_INS))
    expect((await holders.logIn(holder)).status).toBe(401);
  const accounts = await oneAccountPerAddress(fleet.environment.env.EVENTSTORE_URL ?? '');
  expect(accounts).toBe(kept.length);
  const secrets = secretsOf(forgotten, kept);
  await expect
    .poll(() => filesWith(fleet.environment.folder, secrets), { timeout: DELETED_WITHIN_MS, interval: 1_000 })
    .toEqual([]);
  return { kept: kept.length, forgotten: forgotten.length };
}

/** Fails if an address has two accounts. Returns the number of accounts that are not forgotten. */
async function oneAccountPerAddress(url: string): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  /** The account of each address. */
  const accounts = new Map<string, string>();
  const registered = new Set<string>();
  for await (const { event } of client.readAll({ fromPosition: START })) {
    if (event === undefined) continue;
    const { emailHash, userId } = event.data as { readonly emailHash: string; readonly userId: string };
    switch (event.type) {
      case 'EmailClaimed':
        expect(accounts.get(emailHash)).toBeUndefined();
        accounts.set(emailHash, userId);
        break;
      case 'UserRegistered':
        expect(accounts.get(emailHash)).toBe(userId);
        expect(registered).not.toContain(userId);
        registered.add(userId);
        break;
      case 'EmailReleased':
        expect(accounts.get(emailHash)).toBe(userId);
        accounts.delete(emailHash);
        break;
      case 'UserForgotten':
        registered.delete(userId);
        break;
    }
  }
  await client.dispose();
  return registered.size;
}

/** Returns the texts that must be in no file. An address that was claimed anew is that of another account. */
function secretsOf(forgotten: readonly Holder[], kept: readonly Holder[]): readonly string[] {
  const claimedAnew = new Set(kept.map(({ email }) => email));
  return forgotten.flatMap(({ email, marker }) => (claimedAnew.has(email) ? [marker] : [marker, email]));
}

/** Returns the names of the files that contain one of the texts. */
async function filesWith(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // A file may be deleted meanwhile.
    const content = await readFile(join(entry.parentPath, entry.name), 'latin1').catch(() => '');
    if (texts.some((text) => content.includes(text))) found.push(entry.name);
  }
  return found;
}
