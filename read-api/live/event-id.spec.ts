import fc from 'fast-check';
import { expect, it } from 'vitest';
import { positionKey } from '../../projections/documents/position-key.ts';
import { eventIdOf, LastEventId } from './event-id.ts';

it('an event id is the commit position, with the prepare position if it differs', () => {
  expect(eventIdOf(positionKey({ commit: 10_423n, prepare: 10_423n }))).toBe('10423');
  expect(eventIdOf(positionKey({ commit: 10_423n, prepare: 10_400n }))).toBe('10423-10400');
  expect(eventIdOf('')).toBe('0');
});

it('an event id converts back to its position key', () => {
  const part = fc.bigInt(0n, 2n ** 63n - 1n);
  fc.assert(
    fc.property(part, part, (commit, prepare) => {
      const key = positionKey({ commit, prepare });
      expect(LastEventId.parse(eventIdOf(key))).toBe(key);
    }),
  );
});

it('other texts are rejected as event ids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { success } = LastEventId.safeParse(text);
      expect(success).toBe(/^[0-9]{1,19}(-[0-9]{1,19})?$/.test(text));
    }),
  );
});
