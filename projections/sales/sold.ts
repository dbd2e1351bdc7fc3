/** What was sold: amounts in the minor units of one currency. Below zero where more was refunded than captured. */
export interface Sold {
  readonly orders: number;
  readonly units: number;
  readonly amount: number;
}

export const nothing: Sold = { orders: 0, units: 0, amount: 0 };

export const plus = (sold: Sold, by: Sold): Sold => ({
  orders: sold.orders + by.orders,
  units: sold.units + by.units,
  amount: sold.amount + by.amount,
});
