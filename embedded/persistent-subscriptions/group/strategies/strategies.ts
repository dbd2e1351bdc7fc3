import type { Consumer } from '../dispatch/consumer.ts';
import type { Message } from '../entry.ts';
import type { StrategyName } from '../settings.ts';
import { PinnedStrategy } from './pinned.ts';
import type { Strategy } from './strategy.ts';

/** Chooses consumers in turn and skips full ones. */
class RoundRobin<M extends Message> implements Strategy<M> {
  readonly #consumers: Consumer<M>[] = [];
  #turn = 0;

  join(consumer: Consumer<M>): void {
    this.#consumers.push(consumer);
  }

  leave(consumer: Consumer<M>): void {
    const at = this.#consumers.indexOf(consumer);
    if (at >= 0) this.#consumers.splice(at, 1);
  }

  choose(): Consumer<M> | undefined {
    for (let i = 0; i < this.#consumers.length; i++) {
      const at = (this.#turn + i) % this.#consumers.length;
      const consumer = this.#consumers[at];
      if (!consumer?.hasRoom) continue;
      this.#turn = at + 1;
      return consumer;
    }
    return undefined;
  }

  onFinished(): void {}
}

/** Chooses the consumer that connected first, and the next one only while it is full. */
class DispatchToSingle<M extends Message> implements Strategy<M> {
  readonly #consumers = new Set<Consumer<M>>();

  join(consumer: Consumer<M>): void {
    this.#consumers.add(consumer);
  }

  leave(consumer: Consumer<M>): void {
    this.#consumers.delete(consumer);
  }

  choose(): Consumer<M> | undefined {
    for (const consumer of this.#consumers) if (consumer.hasRoom) return consumer;
    return undefined;
  }

  onFinished(): void {}
}

/** Returns a strategy by name. Both pinning strategies are the same; they differ in the key of messages. */
export function strategyOf<M extends Message>(name: StrategyName): Strategy<M> {
  switch (name) {
    case 'RoundRobin':
      return new RoundRobin<M>();
    case 'DispatchToSingle':
      return new DispatchToSingle<M>();
    case 'Pinned':
    case 'PinnedByCorrelation':
      return new PinnedStrategy<M>();
    default:
      return name satisfies never;
  }
}
