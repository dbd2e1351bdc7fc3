import type { ExactAmount } from '../projections/amount.ts';

/** A sum as it is answered: an integer with all its digits. */
export const exactAmount = ({ amount, currency }: ExactAmount) => ({ amount: BigInt(amount), currency });
