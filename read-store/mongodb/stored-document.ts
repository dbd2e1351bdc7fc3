import { Long } from 'mongodb';
import type { Position } from '../read-store.ts';

/** A document as it lies in its generation's collection. Positions are 64-bit integers. */
export interface StoredDocument {
  readonly _id: string;
  readonly position: bigint | Long;
  readonly body: unknown;
}

/** What is not of one generation lies in one collection, told apart by its id. */
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
