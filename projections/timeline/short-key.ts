import type { Position } from '../../event-store/codec/recorded-event.ts';
import { positionKey } from '../documents/position-key.ts';

const RADIX = 36;
/** Separators after the commit position: the prepare position follows, or equals it. A lower prepare position sorts first. */
const OTHER = ':';
const SAME = '~';
/** Maximum digits, decimal and short, that fit into a number: most positions do, and numbers are faster than bigints. */
const DECIMALS = 20;
const SMALL_DECIMALS = 15;
const SMALL = '0'.repeat(DECIMALS - SMALL_DECIMALS);
const SMALL_DIGITS = 10;

/** Returns a position as a short text that sorts like the log, such as `381j~`: the number of digits, then the digits. */
export const shortKey = (position: Position): string => shortenKey(positionKey(position));

/** Returns the short form of a position key. */
export function shortenKey(key: string): string {
  const [commit = '0', prepare = commit] = key.split(':');
  return commit === prepare ? short(commit) + SAME : short(commit) + OTHER + short(prepare);
}

/** Returns the position key (`positionKey`) of a short form. */
export function expandKey(key: string): string {
  const separator = key.endsWith(SAME) ? SAME : OTHER;
  const [commit = '', prepare = ''] = key.split(separator);
  const first = long(commit);
  return `${first}:${separator === SAME ? first : long(prepare)}`;
}

function short(decimals: string): string {
  const isSmall = decimals.startsWith(SMALL) || decimals.length <= SMALL_DECIMALS;
  const digits = (isSmall ? Number(decimals) : BigInt(decimals)).toString(RADIX);
  return digits.length.toString(RADIX) + digits;
}

function long(text: string): string {
  const digits = text.slice(1);
  if (digits.length <= SMALL_DIGITS) return String(Number.parseInt(digits, RADIX)).padStart(DECIMALS, '0');
  let value = 0n;
  for (const digit of digits) value = value * BigInt(RADIX) + BigInt(Number.parseInt(digit, RADIX));
  return String(value).padStart(DECIMALS, '0');
}
