import { z } from 'zod';
import type { ZodOpenApiOverrideMetaContext } from 'zod-openapi/api';

/** A commit position of the log, as every answer to a command gives it. */
const LogPosition = z
  .string()
  .regex(/^\d{1,19}$/, 'a position is a decimal number of up to 19 digits')
  .transform(BigInt);

const whole = (least: number, most: number) => {
  const allowed = `is to be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, allowed)
    .transform(Number)
    .refine((value) => value >= least && value <= most, allowed)
    .meta({
      override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, { type: 'integer', minimum: least, maximum: most });
      },
    });
};

/** How new an answer must be at least; milliseconds to wait for it. */
export const freshness = {
  minPosition: LogPosition.optional(),
  wait: whole(0, 5000).optional(),
};

export const freshnessHeaders = z.object({ 'orderstream-min-position': LogPosition.optional() });

export const paging = {
  limit: whole(1, 200).optional(),
  cursor: z.string().max(8192).optional(),
};

export interface Paging {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export const DEFAULT_LIMIT = 50;
export const DEFAULT_WAIT_MS = 5000;
