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

/** Saves and loads snapshots, so that a long stream is not read from its start. Without a store for them, it does nothing. */
export class Snapshotting {
  readonly #snapshots: Snapshots | undefined;
  readonly #shapes: ReadonlyMap<AnyDecider, SnapshotShape>;
  readonly #logger: Logger;
  /** One snapshot per stream, since a busy stream grows faster than its snapshots can be written. */
  readonly #inFlight = new Set<string>();

  constructor(snapshots: Snapshots | undefined, shapes: readonly SnapshotShape[], logger: Logger) {
    this.#snapshots = snapshots;
    const usable = snapshots === undefined ? [] : shapes;
    this.#shapes = new Map(usable.map((shape) => [shape.decider, shape]));
    this.#logger = limitOutageWarnings(logger, 'event store');
  }

  /** Returns the state of the last snapshot; undefined if there is none that this version can read. */
  async load(stream: string, decider: AnyDecider): Promise<Folded | undefined> {
    const shape = this.#shapes.get(decider);
    if (shape === undefined) return undefined;
    try {
      const snapshot = await this.#snapshots?.load(stream);
      if (snapshot?.shape !== shape.shape || snapshot.version !== shape.version) return undefined;
      const { revision, position, state } = snapshot;
      return { state: shape.restore(state), revision, position, sinceSnapshot: 0 };
    } catch (error) {
      this.#logger.warn('snapshot not read', { stream, error: String(error) });
      return undefined;
    }
  }

  /**
   * Saves a snapshot in the background if one is due. It stays due while too many others are in flight. Returns the state
   * to cache.
   */
  keep(stream: string, decider: AnyDecider, folded: Folded): Folded {
    const shape = this.#shapes.get(decider);
    const { sinceSnapshot } = folded;
    const due = shape !== undefined && sinceSnapshot >= shape.every && sinceSnapshot >= minimumFor(folded);
    if (!due || this.#inFlight.has(stream) || this.#inFlight.size >= MAX_SNAPSHOTS_IN_FLIGHT) return folded;
    void this.#save(stream, shape, folded);
    return { ...folded, sinceSnapshot: 0 };
  }

  async #save(stream: string, { shape, version, take }: SnapshotShape, folded: Folded): Promise<void> {
    const { revision, position, state } = folded;
    if (revision === undefined || position === undefined) return;
    this.#inFlight.add(stream);
    try {
      // Send the response to the command that made it due first.
      await setImmediate();
      await this.#snapshots?.save(stream, { shape, version, revision, position, state: take(state) });
    } catch (error) {
      this.#logger.warn('snapshot not saved', { stream, error: String(error) });
    } finally {
      this.#inFlight.delete(stream);
    }
  }
}
