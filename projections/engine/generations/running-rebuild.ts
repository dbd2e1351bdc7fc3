import type { ModelStatus, RebuildProgress } from '../../../read-store/read-store.ts';
import type { LogPosition } from '../positions.ts';
import type { ModelWriter } from '../writing/model-writer.ts';

/** A running rebuild: the next generation, which becomes live or, in a dry run, is compared with the live one. */
export class RunningRebuild {
  readonly writer: ModelWriter;
  readonly dryRun: boolean;
  /** Id of the request; undefined when the rebuild started because the version changed. */
  request: string | undefined;
  phase: RebuildProgress['phase'] = 'building';
  /** The event at which the rebuild stopped. */
  error: ModelStatus['error'];
  readonly #from: LogPosition;
  readonly #startedAt = performance.now();

  constructor(writer: ModelWriter, dryRun: boolean, request: string | undefined) {
    this.writer = writer;
    this.dryRun = dryRun;
    this.request = request;
    this.#from = writer.position;
  }

  progress(target: LogPosition): RebuildProgress {
    const { generation, position, events } = this.writer;
    return {
      generation: generation.generation,
      phase: this.phase,
      from: commitOf(this.#from),
      position: commitOf(position),
      target: commitOf(target),
      events,
      elapsedMs: Math.round(performance.now() - this.#startedAt),
    };
  }
}

const commitOf = (position: LogPosition): string => (position?.commit ?? 0n).toString();
