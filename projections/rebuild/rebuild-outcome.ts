import type { ModelStatus } from '../../read-store/read-store.ts';

/** How a request to rebuild a read model ended. */
export type RebuildOutcome =
  | { readonly kind: 'switched'; readonly generation: number }
  | ({ readonly kind: 'compared' } & ComparisonResult)
  /** The read model cannot handle an event. The projector retries a rebuild; a dry run ends. */
  | { readonly kind: 'stopped'; readonly error: NonNullable<ModelStatus['error']> }
  /** A dry run was requested while a rebuild is running. */
  | { readonly kind: 'refused' }
  /** The client withdrew it before a projector started. */
  | { readonly kind: 'withdrawn' };

/** Result of a dry run. */
export interface ComparisonResult {
  /** Documents of the live generation. */
  readonly documents: number;
  readonly rebuiltDocuments: number;
  readonly differing: number;
  /** Descriptions of the first ones. */
  readonly differences: readonly { readonly id: string; readonly difference: string }[];
}
