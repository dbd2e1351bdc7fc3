import type { Position } from '../../event-store/codec/recorded-event.ts';

const DIGITS = 20;

/** A position as text that sorts as the log does, e.g. `00000000000000010423:00000000000000010423`. */
export const positionKey = ({ commit, prepare }: Position): string => `${padded(commit)}:${padded(prepare)}`;

const padded = (part: bigint): string => part.toString().padStart(DIGITS, '0');
