import currencyCodes from 'currency-codes';
import { CommandFailed, exitCodes } from '../errors.ts';

/** An amount in minor units; a sum may be beyond 2^53, and negative. */
export interface Amount {
  readonly amount: number | bigint;
  readonly currency: string;
}

const DEFAULT_DIGITS = 2;

/** Returns the number of decimal places of a currency (ISO 4217). */
const digitsOf = (currency: string): number => currencyCodes.code(currency)?.digits ?? DEFAULT_DIGITS;

/** Returns an amount as a decimal number with its currency, such as `2.55 GBP`. */
export function describeAmount({ amount, currency }: Amount): string {
  const digits = digitsOf(currency);
  const minor = BigInt(amount);
  const sign = minor < 0n ? '-' : '';
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${sign}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`} ${currency}`;
}

/**
 * Returns the amount of a price that was typed as a decimal number, such as `2.55`, in minor units. Throws `CommandFailed`
 * for another text, a currency without a code, too many places, and amounts that the server does not accept.
 */
export function parsePrice(text: string, currency: string): { amount: number; currency: string } {
  if (!/^[A-Z]{3}$/.test(currency))
    throw usage(
      `--currency is ${JSON.stringify(currency)}; allowed: a code of three capital letters, such as GBP`,
    );
  const digits = digitsOf(currency);
  const [, whole, places = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || places.length > digits)
    throw usage(
      `the price is ${JSON.stringify(text)}; allowed: a decimal number with at most ${digits} places for ${currency}, such as ${digits === 0 ? '255' : `2.${'5'.repeat(digits)}`}`,
    );
  const amount = BigInt(whole + places.padEnd(digits, '0'));
  if (amount < 1n || amount > BigInt(Number.MAX_SAFE_INTEGER))
    throw usage(`the price is ${text}; allowed: above 0, and at most ${Number.MAX_SAFE_INTEGER} minor units`);
  return { amount: Number(amount), currency };
}

const usage = (message: string) => new CommandFailed(exitCodes.usage, message);
