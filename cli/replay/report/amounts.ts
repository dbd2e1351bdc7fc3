/** Money in minor units; a bigint beyond 2^53, so that every digit is exact. */
export interface Amount {
  readonly amount: number | bigint;
  readonly currency: string;
}

/** Adds up money, each currency by itself. Returns the sums by currency, in the order of its code. */
export function sumByCurrency(amounts: Iterable<Amount>): Amount[] {
  const sums = new Map<string, bigint>();
  for (const { amount, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount));
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => ({ amount: exact(sum), currency }));
}

const exact = (sum: bigint): number | bigint => (BigInt(Number(sum)) === sum ? Number(sum) : sum);
