const DECIMAL = /^(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?$/;

/** Converts a decimal price in pounds to pence; undefined when it is not a decimal number or not a whole number of pence. */
export function pence(price: string): number | undefined {
  const [, sign, pounds, decimals = ''] = DECIMAL.exec(price) ?? [];
  if (pounds === undefined || /[1-9]/.test(decimals.slice(2))) return undefined;
  const amount = Number(pounds + decimals.slice(0, 2).padEnd(2, '0'));
  return sign === '-' && amount !== 0 ? -amount : amount;
}
