import { z } from 'zod';
import type { ZodOpenApiOverrideMetaContext } from 'zod-openapi/api';
import { hasVisibleCharacter } from '../../platform/invisible-characters.ts';
import { MAX_CURSOR_LENGTH } from './cursor.ts';

export const DEFAULT_LIMIT = 50;
export const DEFAULT_WAIT_MS = 5000;

const POSITION_EXAMPLE = '10423';

/** A commit position of the log, as in the response of every command. */
const LogPosition = z
  .string()
  .regex(/^\d{1,19}$/, 'a position is a decimal number of up to 19 digits')
  .transform(BigInt);

/** Schema of a whole number within bounds; `absent` is the default. */
export const wholeNumber = (minimum: number, maximum: number, description: string, absent?: number) => {
  const allowed = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, allowed)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, allowed)
    .optional()
    .meta({
      description,
      override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
        delete jsonSchema.pattern;
        const bounds = { type: 'integer', minimum, maximum };
        Object.assign(jsonSchema, bounds, absent === undefined ? {} : { default: absent });
      },
    });
};

/** Parameters for the freshness of a response: position, and maximum wait in milliseconds. */
export const freshness = {
  minPosition: LogPosition.optional().meta({
    description:
      'Log position from the response of a command: the query waits until the read model has passed it, else 504. The same as the header Orderstream-Min-Position; with both, the higher position applies.',
    example: POSITION_EXAMPLE,
  }),
  wait: wholeNumber(
    0,
    5000,
    'Maximum wait for the position, in milliseconds; 5000 when absent.',
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
      'Comma-separated ETags that the client has, or `*`. When one of them is current, the response is 304 without a body.',
  }),
});

export const paging = {
  limit: wholeNumber(
    1,
    200,
    `Maximum number of entries of a page; ${DEFAULT_LIMIT} when absent.`,
    DEFAULT_LIMIT,
  ),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional().meta({
    description:
      'The `next` of the previous page, unchanged, with the same other parameters. Absent: the first page.',
  }),
};

export interface Paging {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Schema of a search; one without a visible character counts as absent. */
export const search = (description: string, example: string) =>
  z
    .string()
    .max(200)
    .transform((text) => (hasVisibleCharacter(text) ? text.trim() : undefined))
    .optional()
    .meta({ description: `${description} At most 200 characters; absent or blank: all.`, example });

/** Schema of the sort order of a list by time. */
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
