import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { type SessionShop, sessionShop } from './testing/session-shop.ts';

let processes: readonly [SessionShop, SessionShop];
beforeAll(async () => {
  const store = createInMemoryEventStore({ catalogue, appendMs: 1 });
  const keyStore = await memoryKeyStore();
  processes = [
    await sessionShop({ store, keyStore }),
    await sessionShop({ store: store.connectAgain(), keyStore }),
  ];
  await processes[0].register('ann');
});
afterAll(() => Promise.all(processes.map((each) => each.close())));

const started = async () =>
  (await processes[0].logIn('ann')).body as Record<'accessToken' | 'refreshToken', string>;
const isValid = async (process: SessionShop, accessToken: string) =>
  (await process.as(accessToken, 'GET', '/api/v1/sessions')).status === 200;

/** Requests that are sent at the same time: to which process, and with how old a token. */
const burst = fc.array(fc.record({ process: fc.constantFrom(0, 1), back: fc.nat(2) }), {
  minLength: 1,
  maxLength: 4,
});

describe('two processes that refresh one session', () => {
  it('never lose it: within 10 s, every token of it leads to the current one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 4 }), async (bursts) => {
        const { refreshToken } = await started();
        const [sessionId = ''] = refreshToken.split('.');
        const issued = [refreshToken];
        for (const requests of bursts) {
          const answers = await Promise.all(
            requests.map(({ process, back }) =>
              processes[process as 0 | 1].refresh(issued.at(-1 - Math.min(back, issued.length - 1)) ?? ''),
            ),
          );
          expect(answers.map(({ status }) => status)).toEqual(requests.map(() => 200));
          for (const { body } of answers)
            if (!issued.includes(body.refreshToken)) issued.push(body.refreshToken);
        }
        const types = await processes[0].typesOf(`session-${sessionId}`);
        expect(types).toEqual(['SessionStarted', ...issued.slice(1).map(() => 'SessionRefreshed')]);
      }),
      { numRuns: 15 },
    );
  });

  it('both reject the access token of a session that one of them has ended, and that of a disabled user', async () => {
    const [one, other] = processes;
    const [first, second] = [await started(), await started()];
    expect(await isValid(other, first.accessToken)).toBe(true);
    await one.as(first.accessToken, 'DELETE', '/api/v1/sessions/current');
    await expect.poll(() => isValid(other, first.accessToken), { timeout: 2_000, interval: 5 }).toBe(false);

    await other.user('ann', { type: 'DisableUser', by: 'olga' });
    for (const process of processes)
      await expect
        .poll(() => isValid(process, second.accessToken), { timeout: 2_000, interval: 5 })
        .toBe(false);
  });
});
