/** Money in a document: integer minor units of an ISO 4217 currency. */
export interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** A sum of money as an integer in decimal digits, exact at any size; negative when refunds exceed captures. */
export interface ExactAmount {
  readonly amount: string;
  readonly currency: string;
}

/** Adds two integers, each a number or decimal digits. */
export const exactSum = (a: number | string, b: number | string): string =>
  (BigInt(a) + BigInt(b)).toString();
