import fc from 'fast-check';
import { expect, it } from 'vitest';
import { positionKey } from '../../projections/documents/position-key.ts';
import { eventIdOf, LastEventId } from './event-id.ts';

it('the commit position, and the prepare position where that is another', () => {
  expect(eventIdOf(positionKey({ commit: 10_423n, prepare: 10_423n }))).toBe('10423');
  expect(eventIdOf(positionKey({ commit: 10_423n, prepare: 10_400n }))).toBe('10423-10400');
  expect(eventIdOf('')).toBe('0');
});

it('every place comes back as it was', () => {
  const part = fc.bigInt(0n, 2n ** 63n - 1n);
  fc.assert(
    fc.property(part, part, (commit, prepare) => {
      const key = positionKey({ commit, prepare });
      expect(LastEventId.parse(eventIdOf(key))).toBe(key);
    }),
  );
});

it('whatever else is refused, not thrown at', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { success } = LastEventId.safeParse(text);
      expect(success).toBe(/^[0-9]{1,19}(-[0-9]{1,19})?$/.test(text));
    }),
  );
});
