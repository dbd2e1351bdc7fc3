import type { ParkedItem } from './document.ts';

/** Selects parked items; an absent field matches all. */
export interface ParkedFilter {
  readonly reason?: ParkedItem['reason'] | undefined;
  readonly kind?: ParkedItem['kind'] | undefined;
  readonly orderId?: string | undefined;
}

/** Returns the index keys that an item must have to match the filter; the first one is likely to match the fewest items. */
export const keysOf = ({ orderId, reason, kind }: ParkedFilter): readonly [string, ...string[]] => {
  const keys = [
    ...(orderId === undefined ? [] : [`order ${orderId}`]),
    ...(reason === undefined ? [] : [`reason ${reason}`]),
    ...(kind === undefined ? [] : [`kind ${kind}`]),
    'parked',
  ];
  return keys as [string, ...string[]];
};
