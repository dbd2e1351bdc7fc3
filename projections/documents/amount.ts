import { z } from 'zod';
import { type DocumentOf, Text, WholeNumber } from './document-schema.ts';

/** Money: integer minor units of an ISO 4217 currency. */
export const Amount = z
  .strictObject({ amount: WholeNumber, currency: Text })
  .meta({ description: 'In minor units (pence, cents) of an ISO 4217 currency.' });
export type Amount = DocumentOf<typeof Amount>;

/** A stored sum of money: decimal digits, exact at any size; negative when refunds exceed captures. */
export const ExactAmount = z.strictObject({ amount: z.string().regex(/^-?\d+$/), currency: Text });
export type ExactAmount = DocumentOf<typeof ExactAmount>;

/** A sum in a response: a JSON integer with all its digits. Beyond 2^53, most JSON parsers lose some. */
export const ExactAmountResponse = z
  .strictObject({
    amount: z.int().meta({
      description: 'An integer with all its digits; negative when refunds exceed captures.',
      override: ({ jsonSchema }: { readonly jsonSchema: { minimum?: unknown; maximum?: unknown } }) => {
        delete jsonSchema.minimum;
        delete jsonSchema.maximum;
      },
    }),
    currency: Text,
  })
  .meta({ description: 'A sum in minor units of an ISO 4217 currency.' });

/** Converts a stored sum to the form of responses. */
export const exactAmount = ({ amount, currency }: ExactAmount) => ({ amount: BigInt(amount), currency });

/** Adds two integers, each a number or decimal digits. */
export const exactSum = (a: number | string, b: number | string): string =>
  (BigInt(a) + BigInt(b)).toString();
