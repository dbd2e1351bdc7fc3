import type { ModelStatus, RebuildProgress } from '../../../read-store/read-store.ts';
import type { LogPosition } from '../positions.ts';
import type { ModelWriter } from '../writing/model-writer.ts';

/** The next generation of a model, on its way to become the live one or, as a dry run, to be compared with it. */
export class RunningRebuild {
  readonly writer: ModelWriter;
  readonly dryRun: boolean;
  /** The id of the request for it; none where it is for a version that has changed. */
  request: string | undefined;
  phase: RebuildProgress['phase'] = 'building';
  /** The event at which it has stopped. */
  error: ModelStatus['error'];
  readonly #from: LogPosition;
  readonly #since = performance.now();

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
      from: inWords(this.#from),
      position: inWords(position),
      target: inWords(target),
      events,
      elapsedMs: Math.round(performance.now() - this.#since),
    };
  }
}

const inWords = (position: LogPosition): string => (position?.commit ?? 0n).toString();
