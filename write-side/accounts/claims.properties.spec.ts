import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { registerAccount } from './register-account.ts';

const at = '2026-01-05T12:00:00.000Z';
/** A sign-up in one of two processes; with a fault, one of its appends is lost, or the response to it. */
const signUp = fc.record({
  process: fc.nat({ max: 1 }),
  fault: fc.option(fc.constantFrom('request-lost' as const, 'answer-lost' as const), { freq: 3 }),
});

it('an address has one account, however sign-ups of two processes interleave, and wherever they crash', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(signUp, { minLength: 1, maxLength: 8 }),
      fc.scheduler(),
      async (signUps, scheduler) => {
        const keys = await memoryKeyStore();
        const cipher = new PersonalDataCipher(keys);
        const first = createInMemoryEventStore({ catalogue });
        const stores = [first, first.connectAgain()];
        let count = 0;
        const register = async (store: typeof first) => {
          count += 1;
          const signUpId = `sign-up-${count}`;
          const handler = createCommandHandler({ store });
          const services = {
            store,
            handler,
            clock: () => new Date(at),
            accounts: { keys, cipher, publicUrl: 'https://shop.example' },
          };
          const actor = { sub: 'anonymous', role: 'customer' } as const;
          const contextOf = (userId: string) => ({
            ...{ commandId: signUpId, correlationId: userId, causationId: signUpId, actor },
          });
          const person = { email: 'ann@example.com', name: 'Ann' };
          return registerAccount(services, person, contextOf, async (claimed) => ({
            type: 'RegisterUser',
            ...claimed,
            password: await cipher.encrypt(claimed.userId, 'hash'),
            ...{ signUpId, confirmation: 'by-mail', at },
          }));
        };
        for (const store of stores) store.beforeAppend = () => scheduler.schedule(Promise.resolve());
        const running = signUps.map(async ({ process, fault }) => {
          const store = stores[process] ?? first;
          if (fault !== null) store.failNextAppend(fault);
          await register(store).catch(() => {});
        });
        await scheduler.waitFor(Promise.all(running));

        // The owner signs up once more, after all crashes.
        for (const store of stores) store.beforeAppend = undefined;
        const { userId } = await register(first.connectAgain());
        const registered: unknown[] = [];
        for await (const { event } of first.readAll({ prefixes: ['user-'] }))
          if (event.type === 'UserRegistered') registered.push((event.data as { userId: string }).userId);
        expect(registered).toEqual([userId]);
      },
    ),
    { numRuns: 100 },
  );
});
