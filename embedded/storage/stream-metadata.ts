import { TOMBSTONE_REVISION } from './event.ts';
import { parseJson } from './parse-json.ts';

/** The limits in a stream's metadata, which hide events from reads. */
export interface StreamLimits {
  /** Events with a lower revision are hidden. */
  readonly truncateBefore: number;
  readonly maxCount: number;
  readonly maxAgeMs: number;
}

export const NO_LIMITS: StreamLimits = { truncateBefore: 0, maxCount: Infinity, maxAgeMs: Infinity };

/** A metastream shows only its newest event, regardless of its own metadata. */
export const METASTREAM_LIMITS: StreamLimits = { ...NO_LIMITS, maxCount: 1 };

/** The metadata that a soft delete writes. A literal text, since `JSON.stringify` cannot write 2^63-1. */
export const SOFT_DELETED_JSON = '{"$tb":9223372036854775807}';

export const isSoftDeleted = ({ truncateBefore }: StreamLimits): boolean =>
  truncateBefore >= TOMBSTONE_REVISION;

/**
 * Returns the limits in the newest event of a metastream. Metadata that are no JSON object, or that have one field of a
 * wrong type or range, set no limits.
 */
export function limitsFrom(event: { isJson: boolean; data: Uint8Array } | undefined): StreamLimits {
  const fields = event?.isJson ? parseObject(event.data) : undefined;
  if (fields === undefined) return NO_LIMITS;
  const { $tb = 0, $maxCount = Infinity, $maxAge = Infinity, $cacheControl = Infinity } = fields;
  if (!isWhole($tb, 0) || !isWhole($maxCount, 1) || !isWhole($maxAge, 1) || !isWhole($cacheControl, 1)) {
    return NO_LIMITS;
  }
  return { truncateBefore: $tb, maxCount: $maxCount, maxAgeMs: $maxAge * 1000 };
}

/** Returns the same metadata with another `$tb`, or undefined if they are no JSON object. */
export function withTruncateBefore(data: Uint8Array, truncateBefore: number): Buffer | undefined {
  const fields = parseObject(data);
  return fields && Buffer.from(JSON.stringify({ ...fields, $tb: truncateBefore }));
}

function parseObject(data: Uint8Array): Record<string, unknown> | undefined {
  const value = parseJson(data);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

const isWhole = (value: unknown, min: number): value is number =>
  typeof value === 'number' && value >= min && (Number.isInteger(value) || value === Infinity);
