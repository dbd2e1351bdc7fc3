import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../event-store/logger.ts';
import type { Snapshots } from '../event-store/snapshots/snapshots.ts';
import { foldOutages } from '../platform/logging/folded-logger.ts';
import type { AnyDecider, Folded } from './folded.ts';
import type { SnapshotShape } from './snapshot-shapes.ts';
import { weightOf } from './weight.ts';

/**
 * Snapshots that are on their way at once. Each is a MiB or more, several times over until it is appended, and an order of a thousand products
 * may make those of all their streams due together.
 */
export const SNAPSHOTS_AT_ONCE = 8;

/** Events that are worth a snapshot of a state so large: what it costs to write grows with what the state holds. Up to 25,000 entries, `every`. */
const enoughFor = ({ state }: Folded): number => weightOf(state) / 250;

/** Spares reading a long stream from its start. */
export interface Snapshotting {
  /** The state as it was last kept; undefined when there is none, or none that this program can read. */
  readonly load: (stream: string, decider: AnyDecider) => Promise<Folded | undefined>;
  /**
   * Keeps the state when it has grown enough since the last snapshot, in the background: nobody waits for it, and nothing
   * depends on it. While too many others are on their way, it stays due. Returns what is to be remembered.
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
  const outage = foldOutages(logger, 'event store');
  const byDecider = new Map(shapes.map((shape) => [shape.decider, shape]));
  /** A busy stream grows faster than its snapshots may be written: of each, one is on its way at most. */
  const onTheirWay = new Set<string>();

  const save = async (stream: string, { shape, version, take }: SnapshotShape, folded: Folded) => {
    const { revision, position, state } = folded;
    if (revision === undefined || position === undefined) return;
    onTheirWay.add(stream);
    try {
      // Whoever sent the command that made it due is answered first.
      await setImmediate();
      await snapshots.save(stream, { shape, version, revision, position, state: take(state) });
    } catch (error) {
      outage.warn('a snapshot could not be kept', { stream, error: String(error) });
    } finally {
      onTheirWay.delete(stream);
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
        outage.warn('a snapshot could not be read', { stream, error: String(error) });
        return undefined;
      }
    },
    keep: (stream, decider, folded) => {
      const shape = byDecider.get(decider);
      const { sinceSnapshot } = folded;
      const due = shape !== undefined && sinceSnapshot >= shape.every && sinceSnapshot >= enoughFor(folded);
      if (!due || onTheirWay.has(stream) || onTheirWay.size >= SNAPSHOTS_AT_ONCE) return folded;
      void save(stream, shape, folded);
      return { ...folded, sinceSnapshot: 0 };
    },
  };
}
