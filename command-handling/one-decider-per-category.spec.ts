import { expect, it } from 'vitest';
import { inventoryDecider } from '../domain/inventory/decider.ts';
import { receive } from './testing/sample-commands.ts';
import { setUp, thrown } from './testing/two-handlers.ts';

it('the command handler rejects a second decider instance for the same stream category', async () => {
  const { handler } = setUp();
  await handler.handle(receive(10, 'c1'));
  const copy = { ...inventoryDecider };

  const error = await thrown(handler.handle(receive(5, 'c2', { stream: 'inventory-other', decider: copy })));

  expect(error).toBeInstanceOf(TypeError);
  expect(() => handler.cachedState({ stream: 'inventory-85123A', decider: copy })).toThrow(TypeError);
  expect((await handler.handle(receive(5, 'c3'))).revision).toBe(1n);
});
