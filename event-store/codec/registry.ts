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
export interface EventRegistry {
  readonly definition: (type: string) => EventDefinition | undefined;
  /** Converts data of an earlier version to the current one. Throws `RangeError` when an upcaster is missing. */
  readonly upcast: (type: string, from: number, data: unknown) => unknown;
  readonly definitions: readonly EventDefinition[];
}

/** Throws `RangeError` when a type is defined twice, or when an earlier version has no upcaster. */
export function createRegistry(
  definitions: readonly EventDefinition[],
  upcasters: readonly Upcaster[] = [],
): EventRegistry {
  const byType = new Map<string, EventDefinition>();
  for (const definition of definitions) {
    if (byType.has(definition.type)) throw new RangeError(`${definition.type} is defined twice`);
    byType.set(definition.type, definition);
  }
  const byVersion = new Map(upcasters.map(({ type, from, upcast }) => [`${type}@${from}`, upcast]));
  const upcasterOf = (type: string, from: number) => {
    const upcast = byVersion.get(`${type}@${from}`);
    if (upcast === undefined) throw new RangeError(`${type} has no upcaster for version ${from}`);
    return upcast;
  };
  for (const { type, version } of definitions)
    for (let from = 1; from < version; from++) upcasterOf(type, from);
  return {
    definitions,
    definition: (type) => byType.get(type),
    upcast: (type, from, data) => {
      const current = byType.get(type)?.version ?? from;
      let upcasted = data;
      for (let version = from; version < current; version++) upcasted = upcasterOf(type, version)(upcasted);
      return upcasted;
    },
  };
}
