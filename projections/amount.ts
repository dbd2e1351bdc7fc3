/** Money in a document: integer minor units of an ISO 4217 currency. */
export interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** A sum of money: an integer in decimal digits, exact at any size, and below zero where more went back than came. */
export interface ExactAmount {
  readonly amount: string;
  readonly currency: string;
}

/** The sum of integers, each as a number or in decimal digits. */
export const exactSum = (a: number | string, b: number | string): string =>
  (BigInt(a) + BigInt(b)).toString();
