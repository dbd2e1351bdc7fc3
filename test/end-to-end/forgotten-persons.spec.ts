import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLAIN, placesWith, plantPerson } from '../support/planted-person.ts';
import { createShopClient } from '../support/shop.ts';
import { type System, startSystem, WITHOUT_GATEWAY } from '../support/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ LOG_LEVEL: 'debug' }, WITHOUT_GATEWAY);
});
afterAll(() => system.stop());

it('the plain text of a person is nowhere, before and after the person is forgotten', async () => {
  await createShopClient(system).createItem('mug', 10);
  const person = await plantPerson(system, 'quentin');
  // The search finds what is not encrypted.
  expect(await placesWith(new RegExp(person.orderId), system)).not.toEqual([]);
  expect(await placesWith(PLAIN, system)).toEqual([]);
  await person.forget();
  await person.isForgotten();
  expect(await placesWith(PLAIN, system)).toEqual([]);
});
