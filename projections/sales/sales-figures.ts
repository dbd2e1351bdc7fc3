import { exactSum } from '../documents/amount.ts';

/** What was sold: amounts in the minor units of one currency. Below zero where more was refunded than captured. */
export interface Sold {
  readonly orders: number;
  readonly units: number;
  /** In decimal digits, exact at any size. */
  readonly amount: string;
}

export const nothing: Sold = { orders: 0, units: 0, amount: '0' };

export const plus = (sold: Sold, by: Sold): Sold => ({
  orders: sold.orders + by.orders,
  units: sold.units + by.units,
  amount: exactSum(sold.amount, by.amount),
});

/** Returns the integer times `sign`, in decimal digits. */
export const signed = (sign: 1 | -1, amount: number | string): string =>
  (BigInt(sign) * BigInt(amount)).toString();
