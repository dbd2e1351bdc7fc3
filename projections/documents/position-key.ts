import type { Position } from '../../event-store/codec/recorded-event.ts';

const DIGITS = 20;

/** Returns a position as text that sorts in log order, such as `00000000000000010423:00000000000000010423`. */
export const positionKey = ({ commit, prepare }: Position): string => `${padded(commit)}:${padded(prepare)}`;

const padded = (part: bigint): string => part.toString().padStart(DIGITS, '0');
