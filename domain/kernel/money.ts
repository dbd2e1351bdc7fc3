import { z } from 'zod';

/** An amount in minor units (pence, cents) of an ISO 4217 currency; never a float. */
export const Money = z
  .strictObject({
    amount: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters (ISO 4217)'),
  })
  .readonly()
  .brand<'Money'>();
export type Money = z.output<typeof Money>;

export class CurrencyMismatch extends Error {
  override readonly name = 'CurrencyMismatch';

  constructor(currencies: readonly string[]) {
    super(`one currency expected, not ${currencies.join(' and ')}`);
  }
}

/** The amount is above 2^53−1 minor units, where integers are no longer exact. */
export class AmountTooLarge extends Error {
  override readonly name = 'AmountTooLarge';
}

/** Returns validated money. Throws `ZodError` for a fraction, a negative amount or an invalid currency. */
export const money = (amount: number, currency: string): Money => Money.parse({ amount, currency });

/** Returns `price × quantity`. Throws `AmountTooLarge` when the result is not exact. */
export function times(price: Money, quantity: number): Money {
  return exact(BigInt(price.amount) * BigInt(quantity), price.currency);
}

/** Returns the sum of one or more amounts. Throws `CurrencyMismatch` or `AmountTooLarge`. */
export function sum(amounts: readonly [Money, ...Money[]]): Money {
  const currencies = [...new Set(amounts.map(({ currency }) => currency))];
  if (currencies.length > 1) throw new CurrencyMismatch(currencies);
  const total = amounts.reduce((total, { amount }) => total + BigInt(amount), 0n);
  return exact(total, amounts[0].currency);
}

export const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

function exact(amount: bigint, currency: string): Money {
  if (amount > BigInt(Number.MAX_SAFE_INTEGER))
    throw new AmountTooLarge(`${amount} ${currency} is beyond 2^53-1`);
  return money(Number(amount), currency);
}
