import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EventRegistry } from './registry.ts';

const PriceSet = {
  type: 'PriceSet',
  version: 3,
  schema: z.strictObject({ amount: z.int(), currency: z.string() }),
};
const fromVersion1 = { type: 'PriceSet', from: 1, upcast: (data: unknown) => ({ amount: Number(data) }) };
const fromVersion2 = {
  type: 'PriceSet',
  from: 2,
  upcast: (data: unknown) => ({ ...(data as object), currency: 'GBP' }),
};

describe('EventRegistry', () => {
  it('upcasts data of an earlier version to the current one, version by version', () => {
    const registry = new EventRegistry([PriceSet], [fromVersion2, fromVersion1]);

    expect(registry.upcast('PriceSet', 1, '255')).toEqual({ amount: 255, currency: 'GBP' });
    expect(registry.upcast('PriceSet', 2, { amount: 255 })).toEqual({ amount: 255, currency: 'GBP' });
    expect(registry.upcast('PriceSet', 3, { amount: 255, currency: 'EUR' })).toEqual({
      amount: 255,
      currency: 'EUR',
    });
  });

  it('throws when an earlier version has no upcaster', () => {
    expect(() => new EventRegistry([PriceSet], [fromVersion1])).toThrow(
      'PriceSet has no upcaster for version 2',
    );
  });

  it('throws when a type is defined twice', () => {
    expect(() => new EventRegistry([PriceSet, PriceSet], [fromVersion1, fromVersion2])).toThrow(
      'PriceSet is defined twice',
    );
  });
});
