import { MultiBar, type SingleBar } from 'cli-progress';
import { estimateRebuild } from '../../projections/rebuild/rebuild-estimate.ts';
import type { RebuildProgress } from '../../read-store/read-store.ts';

const STEPS = 1_000;

/** Shows a progress bar on stderr for each read model that is being rebuilt; on no terminal, a line every 2 s. */
export class RebuildBars {
  readonly #all: MultiBar;
  readonly #width: number;
  readonly #bars = new Map<string, SingleBar>();

  constructor(models: readonly string[]) {
    this.#width = Math.max(...models.map((model) => model.length));
    this.#all = new MultiBar({
      format: '{model} [{bar}] {percentage}% {state}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 2_000,
      gracefulExit: false,
    });
  }

  show(model: string, progress: RebuildProgress): void {
    this.#barOf(model).update(Math.floor(estimateRebuild(progress).fraction * STEPS), {
      state: stateOf(progress),
    });
  }

  done(model: string): void {
    this.#bars.get(model)?.update(STEPS, { state: 'done' });
  }

  stop(): void {
    this.#all.stop();
  }

  #barOf(model: string): SingleBar {
    const known = this.#bars.get(model);
    if (known !== undefined) return known;
    const bar = this.#all.create(STEPS, 0, { model: model.padEnd(this.#width), state: '' });
    this.#bars.set(model, bar);
    return bar;
  }
}

function stateOf(progress: RebuildProgress): string {
  if (progress.phase === 'comparing') return 'comparing';
  const { eventsPerSecond, secondsLeft } = estimateRebuild(progress);
  const rate = `${progress.events} events, ${Math.round(eventsPerSecond)}/s`;
  return secondsLeft === undefined ? rate : `${rate}, ${Math.ceil(secondsLeft)} s left`;
}
