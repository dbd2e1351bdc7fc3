import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../../event-store/logger.ts';
import type { Snapshots } from '../../event-store/snapshots/snapshots.ts';
import { limitOutageWarnings } from '../../platform/logging/limit-warnings.ts';
import type { AnyDecider, Folded } from './folded.ts';
import type { SnapshotShape } from './snapshot-shape.ts';
import { weightOf } from './state-weight.ts';

/**
 * Maximum number of snapshots in flight. A snapshot may take several MiB of memory until it is appended, and an order of
 * a thousand products may make a thousand snapshots due at once.
 */
export const MAX_SNAPSHOTS_IN_FLIGHT = 8;

/** Returns the minimum number of events between snapshots of a large state, since its snapshot costs more to write. */
const minimumFor = ({ state }: Folded): number => weightOf(state) / 250;

/** Saves and loads snapshots, so that a long stream is not read from its start. */
export interface Snapshotting {
  /** Returns the state of the last snapshot; undefined if there is none that this version can read. */
  readonly load: (stream: string, decider: AnyDecider) => Promise<Folded | undefined>;
  /**
   * Saves a snapshot in the background if one is due. It stays due while too many others are in flight. Returns the state
   * to cache.
   */
  readonly keep: (stream: string, decider: AnyDecider, folded: Folded) => Folded;
}

export function createSnapshotting(
  snapshots: Snapshots | undefined,
  shapes: readonly SnapshotShape[],
  logger: Logger,
): Snapshotting {
  if (snapshots === undefined)
    return { load: async () => undefined, keep: (_stream, _decider, folded) => folded };
  const outage = limitOutageWarnings(logger, 'event store');
  const byDecider = new Map(shapes.map((shape) => [shape.decider, shape]));
  /** One snapshot per stream, since a busy stream grows faster than its snapshots can be written. */
  const inFlight = new Set<string>();

  const save = async (stream: string, { shape, version, take }: SnapshotShape, folded: Folded) => {
    const { revision, position, state } = folded;
    if (revision === undefined || position === undefined) return;
    inFlight.add(stream);
    try {
      // Send the response to the command that made it due first.
      await setImmediate();
      await snapshots.save(stream, { shape, version, revision, position, state: take(state) });
    } catch (error) {
      outage.warn('snapshot not saved', { stream, error: String(error) });
    } finally {
      inFlight.delete(stream);
    }
  };

  return {
    load: async (stream, decider) => {
      const shape = byDecider.get(decider);
      if (shape === undefined) return undefined;
      try {
        const snapshot = await snapshots.load(stream);
        if (snapshot?.shape !== shape.shape || snapshot.version !== shape.version) return undefined;
        const { revision, position, state } = snapshot;
        return { state: shape.restore(state), revision, position, sinceSnapshot: 0 };
      } catch (error) {
        outage.warn('snapshot not read', { stream, error: String(error) });
        return undefined;
      }
    },
    keep: (stream, decider, folded) => {
      const shape = byDecider.get(decider);
      const { sinceSnapshot } = folded;
      const due = shape !== undefined && sinceSnapshot >= shape.every && sinceSnapshot >= minimumFor(folded);
      if (!due || inFlight.has(stream) || inFlight.size >= MAX_SNAPSHOTS_IN_FLIGHT) return folded;
      void save(stream, shape, folded);
      return { ...folded, sinceSnapshot: 0 };
    },
  };
}
