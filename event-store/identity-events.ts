import { z } from 'zod';
import { defineEvent } from '../domain/kernel/event.ts';

/** Gives the store its name, once and for all: a read store knows by it what it was built from. */
export const StoreNamed = defineEvent('StoreNamed', 1, z.strictObject({ storeId: z.uuid() }));

export const identityEvents = [StoreNamed] as const;
