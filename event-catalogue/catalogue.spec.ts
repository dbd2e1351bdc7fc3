import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registryOf } from '../event-store/catalogue.ts';
import { catalogue } from './catalogue.ts';

describe('the event catalogue', () => {
  it('defines each event type once, with an upcaster for each earlier version', () => {
    const registry = registryOf(catalogue);
    for (const { type } of catalogue.definitions) expect(registry.definition(type)?.type).toBe(type);
  });

  it('has a JSON Schema for the data of each event type', () => {
    for (const { schema } of catalogue.definitions)
      expect(z.toJSONSchema(schema)).toMatchObject({ type: 'object', additionalProperties: false });
  });
});
