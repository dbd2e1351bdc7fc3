import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../domain/kernel/event.ts';
import { createRegistry, eventSchemas, registry } from './registry.ts';

const v3 = defineEvent('PriceSet', 3, z.strictObject({ amount: z.int(), currency: z.string() }));
const fromOne = { type: 'PriceSet', from: 1, upcast: (data: unknown) => ({ amount: Number(data) }) };
const fromTwo = {
  type: 'PriceSet',
  from: 2,
  upcast: (data: unknown) => ({ ...(data as object), currency: 'GBP' }),
};

describe('the registry', () => {
  it('brings old data to the newest shape, one version at a time', () => {
    const { upcast } = createRegistry([v3], [fromTwo, fromOne]);

    expect(upcast('PriceSet', 1, '255')).toEqual({ amount: 255, currency: 'GBP' });
    expect(upcast('PriceSet', 2, { amount: 255 })).toEqual({ amount: 255, currency: 'GBP' });
    expect(upcast('PriceSet', 3, { amount: 255, currency: 'EUR' })).toEqual({ amount: 255, currency: 'EUR' });
  });

  it('does not come to be while a version that was ever written cannot be read', () => {
    expect(() => createRegistry([v3], [fromOne])).toThrow('nothing brings PriceSet on from version 2');
  });

  it('does not come to be when a type is defined twice', () => {
    expect(() => createRegistry([v3, v3], [fromOne, fromTwo])).toThrow('PriceSet is defined twice');
  });

  it('has a JSON Schema for every event of the domain', () => {
    const schemas = eventSchemas();

    expect(schemas).toHaveLength(registry.definitions.length);
    expect(schemas.find(({ type }) => type === 'StockReceived')).toEqual({
      type: 'StockReceived',
      version: 1,
      schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {
          productId: expect.objectContaining({ type: 'string' }),
          quantity: { type: 'integer', minimum: 0, maximum: 9007199254740991 },
        },
        required: ['productId', 'quantity'],
        additionalProperties: false,
      },
    });
  });
});
