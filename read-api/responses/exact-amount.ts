import type { ExactAmount } from '../../projections/documents/amount.ts';

/** Converts a stored sum to the form of responses: an integer with all its digits. */
export const exactAmount = ({ amount, currency }: ExactAmount) => ({ amount: BigInt(amount), currency });
