const NUMBER = /^-?(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
/** Numbers of fewer characters without an exponent have at most 15 digits, and those are kept. */
const SURELY_KEPT = 15;

/**
 * Returns the integer that a JSON number is silently rounded to: `1.00000000000000001` → 1, `1e-400` → 0. Returns
 * undefined for an integer that is kept (`1.0`, `1e2`), and for what becomes a fraction or an unsafe integer: schemas
 * reject those where an integer is expected.
 */
export function roundedTo(text: string): number | undefined {
  if (text.length <= SURELY_KEPT && !/e/i.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) return undefined;
  const [given, kept] = [decimal(text), decimal(String(value))];
  return given.digits === kept.digits && given.exponent === kept.exponent ? undefined : value;
}

/** The digits without zeros at both ends, and the power of ten of the last one. */
function decimal(text: string): { readonly digits: string; readonly exponent: number } {
  const [, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (digits[start] === '0') start += 1;
  if (start === end) return { digits: '', exponent: 0 };
  while (digits[end - 1] === '0') end -= 1;
  return {
    digits: digits.slice(start, end),
    exponent: Number(power) - fraction.length + digits.length - end,
  };
}
