import pLimit from 'p-limit';
import { expect, it } from 'vitest';
import { emailDecider } from '../../domain/email/decider.ts';
import { customerId } from '../../domain/kernel/ids.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { silent } from '../../event-store/logger.ts';
import { KeyStoreUnavailable } from '../../key-store/errors.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { createProcessManager } from '../engine/create-process-manager.ts';
import { createCrashGuard } from '../engine/parking/crash-guard.ts';
import { createParking } from '../engine/parking/parking.ts';
import { createShop } from '../fulfilment/testing/shop.ts';
import { forgetting, withKeyDestruction } from './forgetting.ts';

const userId = customerId('0198-ann');
const emailHash = 'a1'.repeat(32);
const personal = { personId: userId, ciphertext: 'AAAA' };

/** A shop in which a person was forgotten, and the process crashed before anything else was done. */
async function setUp() {
  const shop = createShop();
  const keys = await memoryKeyStore();
  await keys.personKey(userId);
  await shop.send(`email-${emailHash}`, emailDecider, { type: 'ClaimEmail', emailHash, userId });
  await shop.send(`user-${userId}`, userDecider, {
    type: 'InviteAdmin',
    ...{ userId, emailHash, email: personal, name: personal, at: '2026-01-05T12:00:00.000Z' },
  });
  await shop.send(`user-${userId}`, userDecider, {
    type: 'ForgetUser',
    ...{ by: 'ada', at: '2026-01-05T12:00:00.000Z' },
  });
  const { direct: handler, clock } = shop;
  const manager = createProcessManager(forgetting, {
    handler,
    parking: createParking(handler, clock),
    guard: createCrashGuard(handler, clock),
    limit: pLimit(10),
    maxRunningCalls: 1,
    maxWaitingCalls: 1,
    clock,
    logger: silent,
  });
  const events = await shop.eventsOf(`user-${userId}`);
  return { shop, keys, manager, events };
}

it('destroys the key and releases the address of a forgotten person, also when the event is redelivered', async () => {
  const { shop, keys, manager, events } = await setUp();
  const process = withKeyDestruction(manager, keys);
  for (const recorded of [...events, ...events]) await process.handle(recorded);
  expect((await keys.existingKeys([userId])).get(userId)).toBe('forgotten');
  expect(await shop.typesOf(`email-${emailHash}`)).toEqual(['EmailClaimed', 'EmailReleased']);
});

it('keeps the address until the key is destroyed', async () => {
  const { shop, manager, events } = await setUp();
  const away = { forget: () => Promise.reject(new KeyStoreUnavailable('away')) };
  const last = events.at(-1) ?? expect.fail('no events');
  await expect(withKeyDestruction(manager, away).handle(last)).rejects.toThrow(KeyStoreUnavailable);
  expect(await shop.typesOf(`email-${emailHash}`)).toEqual(['EmailClaimed']);
});
