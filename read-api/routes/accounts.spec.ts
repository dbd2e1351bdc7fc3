import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerId } from '../../domain/kernel/ids.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { AccountResponse } from '../../projections/accounts/document.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  const keyStore = await memoryKeyStore();
  const cipher = new PersonalDataCipher(keyStore);
  const log = new TestLog();
  for (const [index, name] of ['ann', 'bob', 'cleo'].entries()) {
    const userId = customerId(name);
    log.record(`user-${name}`, {
      type: 'UserRegistered',
      data: {
        userId,
        emailHash: 'a1'.repeat(32),
        email: await cipher.encrypt(name, `${name}@example.com`),
        signUpId: `s-${name}`,
        name: await cipher.encrypt(name, `The name of ${name}`),
        password: await cipher.encrypt(name, 'hash'),
        confirmation: 'none',
        registeredAt: `2026-03-0${index + 1}T12:00:00.000Z`,
      },
    });
  }
  const at = '2026-03-09T12:00:00.000Z';
  const forgotten = { userId: customerId('bob'), emailHash: 'a1'.repeat(32), by: 'ada', at };
  log.record('user-bob', { type: 'UserForgotten', data: forgotten });
  await keyStore.forget('bob');
  api = await QueryApiHarness.start(log, {}, { keyStore });
});
afterAll(() => api.stop());

describe('GET /api/v1/accounts', () => {
  it('shows admins the accounts, the newest first, a page at a time', async () => {
    const names: string[] = [];
    for (let cursor = ''; ; ) {
      const { status, body } = await api.get(`/api/v1/accounts?limit=1${cursor}`, 'admin');
      expect([status, pageOf(AccountResponse).safeParse(body).success]).toEqual([200, true]);
      names.push(...body.items.map(({ userId }: { userId: string }) => userId));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(names).toEqual(['cleo', 'bob', 'ann']);
  });

  it('shows personal data in plain text, and null for a forgotten person', async () => {
    const { body } = await api.get('/api/v1/accounts', 'admin');
    expect(body.items[0]).toEqual({
      userId: 'cleo',
      email: 'cleo@example.com',
      name: 'The name of cleo',
      role: 'customer',
      status: 'active',
      registeredAt: '2026-03-03T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:03.000Z',
      revision: '0',
    });
    expect(body.items[1]).toMatchObject({
      userId: 'bob',
      email: null,
      name: null,
      forgotten: true,
      status: 'forgotten',
      forgottenAt: '2026-03-09T12:00:00.000Z',
    });
    expect(JSON.stringify(body)).not.toContain('ciphertext');
  });

  it('is for admins only', async () => {
    for (const role of ['customer', 'operator'])
      expect((await api.get('/api/v1/accounts', role)).status).toBe(403);
  });
});
