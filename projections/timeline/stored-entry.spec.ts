import fc from 'fast-check';
import { expect, it } from 'vitest';
import { positionKey } from '../documents/position-key.ts';
import type { TimelineEntry } from './document.ts';
import { documentOf, entryOf } from './stored-entry.ts';

const ORDER = '01a22daa-c31f-7735-97af-b9909a0d8083';

it('a stored timeline entry has the order’s id once, also when several fields contain it', () => {
  const stored = documentOf({
    orderId: ORDER,
    position: positionKey({ commit: 32_575n, prepare: 32_575n }),
    type: 'TimeoutScheduled',
    stream: `fulfilment-${ORDER}`,
    revision: '4',
    at: '2026-03-01T12:00:00.123Z',
    data: { orderId: ORDER, timeoutId: `${ORDER}-2`, lines: [{ note: `about ${ORDER}` }] },
    causationId: 'cause',
  });

  expect(JSON.stringify(stored).split(ORDER)).toHaveLength(2);
  expect(stored).toMatchObject({
    s: 'fulfilment-~1',
    d: { orderId: '~1', timeoutId: '~1-2', lines: [{ note: 'about ~1' }] },
  });
});

it('a stored timeline entry is read back unchanged', () => {
  const orderId = fc.oneof(fc.constantFrom(ORDER, 'o1', '~', '~0', '~1', '$&'), fc.string({ minLength: 1 }));
  const part = fc.bigInt(0n, 2n ** 63n - 1n);
  const entry = orderId.chain((id) => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(id, '~', '~0', '~1', '-'), fc.string()))
      .map((all) => all.join(''));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any')),
        fc.dictionary(fc.string(), tie('any'), { noNullPrototype: true }),
      ),
    })).any;
    return fc.record<TimelineEntry>({
      orderId: fc.constant(id),
      position: fc.record({ commit: part, prepare: part }).map(positionKey),
      id: fc.uuid(),
      type: fc.string(),
      stream: text,
      revision: part.map(String),
      at: fc
        .date({ min: new Date(0), max: new Date('9999'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      data: fc.dictionary(fc.string(), value, { noNullPrototype: true }),
      causationId: text,
    });
  });
  fc.assert(
    fc.property(entry, (original) => {
      const stored = JSON.parse(JSON.stringify(documentOf(original)));
      expect(JSON.stringify(entryOf(stored))).toBe(JSON.stringify(original));
    }),
  );
});
