import type { Amount } from '../amount.ts';

/**
 * What was sold on a day, in one currency: captured on that day, less what was refunded on it, whenever that had been
 * captured. So a day of refunds may be below zero.
 */
export interface SalesDay {
  /** UTC, e.g. `2010-12-01`. */
  readonly date: string;
  readonly orders: number;
  readonly units: number;
  readonly revenue: Amount;
}

/** How many units an order has: a capture does not say. Never changes once written. */
export interface OrderUnits {
  readonly ordered: number;
}

export type SalesBody = SalesDay | OrderUnits;

export const isDay = (body: SalesBody): body is SalesDay => 'date' in body;

export const dayId = (date: string, currency: string): string => `day:${date}:${currency}`;
export const unitsId = (orderId: string): string => `order:${orderId}`;
