import { z } from 'zod';

/** The read models that can be rebuilt; a test keeps the list equal to that of the projector. */
export const RebuildableModel = z.enum([
  'orders',
  'timeline',
  'items',
  'movements',
  'payments',
  'shipments',
  'customers',
  'sales',
  'deadlines',
  'parked',
  'sessions',
  'accounts',
]);
