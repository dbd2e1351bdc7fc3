import { z } from 'zod';
import type { ZodOpenApiOverrideMetaContext } from 'zod-openapi/api';
import { isVisible } from '../platform/visible-text.ts';
import { LONGEST_CURSOR } from './cursor.ts';

export const DEFAULT_LIMIT = 50;
export const DEFAULT_WAIT_MS = 5000;

const POSITION_EXAMPLE = '10423';

/** A commit position of the log, as every answer to a command gives it. */
const LogPosition = z
  .string()
  .regex(/^\d{1,19}$/, 'a position is a decimal number of up to 19 digits')
  .transform(BigInt);

/** A whole number within bounds; what `absent` means is said with its unit. */
export const whole = (least: number, most: number, description: string, absent?: number) => {
  const allowed = `is to be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, allowed)
    .transform(Number)
    .refine((value) => value >= least && value <= most, allowed)
    .optional()
    .meta({
      description,
      override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
        delete jsonSchema.pattern;
        const bounds = { type: 'integer', minimum: least, maximum: most };
        Object.assign(jsonSchema, bounds, absent === undefined ? {} : { default: absent });
      },
    });
};

/** How new an answer must be at least; milliseconds to wait for it. */
export const freshness = {
  minPosition: LogPosition.optional().meta({
    description:
      'Waits until the read model has passed this position of the log, as the answers to commands give it; else 504. The same as the header Orderstream-Min-Position; the later of both counts.',
    example: POSITION_EXAMPLE,
  }),
  wait: whole(
    0,
    5000,
    'How long to wait for the position at most, in milliseconds; 5000 when absent.',
    DEFAULT_WAIT_MS,
  ),
};

export const freshnessHeaders = z.object({
  'orderstream-min-position': LogPosition.optional().meta({
    description: 'The same as `minPosition`, as a header.',
    example: POSITION_EXAMPLE,
  }),
});

export const documentHeaders = freshnessHeaders.extend({
  'if-none-match': z.string().optional().meta({
    description:
      'ETags that the caller has, with commas between them, or `*`: when one of them is still that of the document, the answer is 304 without a body.',
  }),
});

export const paging = {
  limit: whole(1, 200, `Entries of a page at most; ${DEFAULT_LIMIT} when absent.`, DEFAULT_LIMIT),
  cursor: z.string().max(LONGEST_CURSOR).optional().meta({
    description:
      'The `next` of the page before, as it stands; the other parameters are to be those of that page. Absent: the first page.',
  }),
};

export interface Paging {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** What is searched for; a search of which nothing is seen is none. */
export const search = (description: string, example: string) =>
  z
    .string()
    .max(200)
    .transform((text) => (isVisible(text) ? text.trim() : undefined))
    .optional()
    .meta({ description: `${description} At most 200 characters; absent or blank: all.`, example });

/** The order of a list by time. */
export const sortBy = (byDefault: 'newest' | 'oldest', what: string) =>
  z
    .enum(['newest', 'oldest'])
    .optional()
    .meta({
      description: `Which ${what} come first; \`${byDefault}\` when absent.`,
      override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
        Object.assign(jsonSchema, { default: byDefault });
      },
    });
