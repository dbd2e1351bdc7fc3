import { z } from 'zod';
import { exactSum } from '../documents/amount.ts';
import { type DocumentOf, Text, WholeNumber } from '../documents/document-schema.ts';

/** Figures in one currency. Below zero where more was refunded than captured. */
export const SalesFigures = z.strictObject({
  orders: WholeNumber,
  units: WholeNumber,
  /** Minor units in decimal digits, exact at any size. */
  amount: Text,
});
export type SalesFigures = DocumentOf<typeof SalesFigures>;

export const noSales: SalesFigures = { orders: 0, units: 0, amount: '0' };

export const addSales = (sales: SalesFigures, more: SalesFigures): SalesFigures => ({
  orders: sales.orders + more.orders,
  units: sales.units + more.units,
  amount: exactSum(sales.amount, more.amount),
});

/** Returns the integer times `sign`, in decimal digits. */
export const signed = (sign: 1 | -1, amount: number | string): string =>
  (BigInt(sign) * BigInt(amount)).toString();
