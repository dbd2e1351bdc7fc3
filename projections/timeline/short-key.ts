import type { Position } from '../../event-store/recorded-event.ts';
import { positionKey } from '../position-key.ts';

const RADIX = 36;
/** Behind the commit position: the prepare position follows, or is the same. The former is the lower, and sorts first. */
const OTHER = ':';
const SAME = '~';

/** A position as a short text that sorts as the log does, e.g. `381j~`: the number of digits, then the digits. */
export const shortKey = ({ commit, prepare }: Position): string =>
  commit === prepare ? `${short(commit)}${SAME}` : `${short(commit)}${OTHER}${short(prepare)}`;

/** The short form of a position's key. */
export function shortened(key: string): string {
  const [commit = '0', prepare = commit] = key.split(':');
  return shortKey({ commit: BigInt(commit), prepare: BigInt(prepare) });
}

/** The key (`positionKey`) of a position in its short form. */
export function lengthened(key: string): string {
  const [commit = '', prepare = ''] = key.split(/[:~]/);
  const position = number(commit);
  return positionKey({ commit: position, prepare: prepare === '' ? position : number(prepare) });
}

function short(part: bigint): string {
  const digits = part.toString(RADIX);
  return `${digits.length.toString(RADIX)}${digits}`;
}

/** Of at most 13 digits: more than a number holds exactly. */
function number(text: string): bigint {
  let value = 0n;
  for (const digit of text.slice(1)) value = value * BigInt(RADIX) + BigInt(Number.parseInt(digit, RADIX));
  return value;
}
