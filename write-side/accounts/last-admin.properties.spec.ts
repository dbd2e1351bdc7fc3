import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aggregate } from '../../command-handling/aggregates.ts';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { customerId } from '../../domain/kernel/ids.ts';
import type { UserCommand } from '../../domain/user/commands.ts';
import { isEnabledAdmin } from '../../domain/user/state.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import { changeAccount } from './change-account.ts';

const ids = ['u-0', 'u-1', 'u-2'].map(customerId);
const at = '2026-01-05T12:00:00.000Z';
const by = 'ada';
const personal = (personId: string) => ({ personId, ciphertext: 'AAAA' });

const command = fc.constantFrom<UserCommand>(
  { type: 'ChangeRole', role: 'admin', by },
  { type: 'ChangeRole', role: 'customer', by },
  { type: 'DisableUser', by },
  { type: 'EnableUser', by },
  { type: 'ForgetUser', by, at },
);
/** A command of one of two processes; with a fault, its first append to a stream is lost, or its response. */
const action = fc.record({
  user: fc.nat({ max: ids.length - 1 }),
  process: fc.nat({ max: 1 }),
  command,
  fault: fc.option(fc.constantFrom('request-lost' as const, 'answer-lost' as const), { freq: 4 }),
});

let count = 0;
const options = () => {
  count += 1;
  const commandId = `command-${count}`;
  const actor = { sub: 'ada', role: 'admin' } as const;
  return { context: { commandId, correlationId: 'c', causationId: commandId, actor } };
};

it('one enabled admin remains, however commands of two processes interleave, and wherever they crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 12 }), fc.scheduler(), async (actions, scheduler) => {
      const first = createInMemoryEventStore({ catalogue });
      const stores = [first, first.connectAgain()];
      const processes = stores.map((store) => ({ store, handler: createCommandHandler({ store }) }));
      const [one = expect.fail('no process')] = processes;
      for (const userId of ids) {
        const register: UserCommand = {
          type: 'RegisterUser',
          ...{ userId, emailHash: 'a1'.repeat(32), email: personal(userId), name: personal(userId) },
          ...{ password: personal(userId), signUpId: userId, confirmation: 'none', at },
        };
        await changeAccount(one, userId, register, options());
      }
      await changeAccount(one, customerId('u-0'), { type: 'ChangeRole', role: 'admin', by }, options());
      for (const store of stores) store.beforeAppend = () => scheduler.schedule(Promise.resolve());

      const running = actions.map(async ({ user, process, command, fault }) => {
        const services = processes[process] ?? one;
        if (fault !== null) services.store.failNextAppend(fault);
        // Rejections and crashes are expected: only the state at the end counts.
        await changeAccount(services, customerId(`u-${user}`), command, options()).catch(() => {});
      });
      await scheduler.waitFor(Promise.all(running));

      const states = await Promise.all(ids.map((id) => readState(first, aggregate('user', id))));
      expect(states.some(({ state }) => isEnabledAdmin(state))).toBe(true);
    }),
    { numRuns: 150 },
  );
});
