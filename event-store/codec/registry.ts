import type { z } from 'zod';

/** An event: its type, and its data as plain JSON. */
export interface AnyEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Declares an event type: its name, the current version of its data, and the schema of that version. */
export interface EventDefinition {
  readonly type: string;
  readonly version: number;
  readonly schema: z.ZodType;
}

/** Converts the data of one version of an event type to the next version. Pure. */
export interface Upcaster {
  readonly type: string;
  /** The version that it takes; it returns data of the next. */
  readonly from: number;
  readonly upcast: (data: unknown) => unknown;
}

/** The event types that this program knows, and how to read their earlier versions. */
export class EventRegistry {
  readonly definitions: readonly EventDefinition[];
  readonly #byType = new Map<string, EventDefinition>();
  readonly #upcasters: ReadonlyMap<string, Upcaster['upcast']>;

  /** Throws `RangeError` when a type is defined twice, or when an earlier version has no upcaster. */
  constructor(definitions: readonly EventDefinition[], upcasters: readonly Upcaster[] = []) {
    this.definitions = definitions;
    this.#upcasters = new Map(upcasters.map(({ type, from, upcast }) => [`${type}@${from}`, upcast]));
    for (const definition of definitions) {
      const { type, version } = definition;
      if (this.#byType.has(type)) throw new RangeError(`${type} is defined twice`);
      this.#byType.set(type, definition);
      for (let from = 1; from < version; from++) this.#upcaster(type, from);
    }
  }

  definition(type: string): EventDefinition | undefined {
    return this.#byType.get(type);
  }

  /** Converts data of an earlier version to the current one. Throws `RangeError` when an upcaster is missing. */
  upcast(type: string, from: number, data: unknown): unknown {
    const current = this.#byType.get(type)?.version ?? from;
    let upcasted = data;
    for (let version = from; version < current; version++) upcasted = this.#upcaster(type, version)(upcasted);
    return upcasted;
  }

  #upcaster(type: string, from: number): Upcaster['upcast'] {
    const upcast = this.#upcasters.get(`${type}@${from}`);
    if (upcast === undefined) throw new RangeError(`${type} has no upcaster for version ${from}`);
    return upcast;
  }
}
