import { Long } from 'mongodb';
import type { Position } from '../read-store.ts';

/** A document in the collection of its generation. Positions are 64-bit integers. */
export interface StoredDocument {
  readonly _id: string;
  readonly position: bigint | Long;
  readonly body: unknown;
}

/** A document that belongs to no generation. One collection contains all of them; the prefix of the id tells the kind. */
export interface ControlDocument {
  readonly _id: string;
  readonly [field: string]: unknown;
}

export const asLong = (position: bigint): Long => Long.fromBigInt(position);

export const asPosition = ({ commit, prepare }: ControlDocument): Position => ({
  commit: asBigint(commit),
  prepare: asBigint(prepare),
});

export const asBigint = (value: unknown): bigint =>
  typeof value === 'bigint' ? value : BigInt(String(value));
