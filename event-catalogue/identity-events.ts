import { z } from 'zod';
import { defineEvent } from '../domain/kernel/event.ts';

/** Gives the store its name, once and for all: a read store knows by it what it was built from. */
export const StoreNamed = defineEvent('StoreNamed', 1, z.strictObject({ storeId: z.uuid() }));

/** A version of the program has started that knows these event types, each up to this version of its data. */
export const EventTypesKnown = defineEvent(
  'EventTypesKnown',
  1,
  z.strictObject({ versions: z.record(z.string(), z.int().positive()) }),
);

export const identityEvents = [StoreNamed, EventTypesKnown] as const;
