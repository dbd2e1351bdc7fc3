import { z } from 'zod';
import { fulfilmentEvents } from '../domain/fulfilment/events.ts';
import { startedFromV1 } from '../domain/fulfilment/started.v1.ts';
import { inventoryEvents } from '../domain/inventory/events.ts';
import { reservationFromV1 } from '../domain/inventory/reservations.v1.ts';
import type { EventDefinition } from '../domain/kernel/event.ts';
import { orderEvents } from '../domain/order/events.ts';
import { paymentEvents } from '../domain/payment/events.ts';
import { productEvents } from '../domain/product/events.ts';
import { shipmentEvents } from '../domain/shipment/events.ts';
import { identityEvents } from './identity-events.ts';
import { parkedEvents } from './parked-events.ts';
import { requestEvents } from './request-events.ts';
import { snapshotEvents } from './snapshot-events.ts';

/** Brings the data of one version of an event to the next: pure, one step at a time. */
export interface Upcaster {
  readonly type: string;
  /** The version that it takes; what it returns is of the next. */
  readonly from: number;
  readonly upcast: (data: unknown) => unknown;
}

/** What is known of events: their current definitions, and how to read what was written before. */
export interface EventRegistry {
  readonly definition: (type: string) => EventDefinition | undefined;
  /** Throws `RangeError` when a step on the way to the current version is missing. */
  readonly upcast: (type: string, from: number, data: unknown) => unknown;
  readonly definitions: readonly EventDefinition[];
}

/** Throws `RangeError` at once when a type is defined twice, or a version that was ever current cannot be read. */
export function createRegistry(
  definitions: readonly EventDefinition[],
  upcasters: readonly Upcaster[] = [],
): EventRegistry {
  const byType = new Map<string, EventDefinition>();
  for (const definition of definitions) {
    if (byType.has(definition.type)) throw new RangeError(`${definition.type} is defined twice`);
    byType.set(definition.type, definition);
  }
  const steps = new Map(upcasters.map((step) => [stepName(step.type, step.from), step.upcast]));
  for (const { type, version } of definitions) {
    for (let from = 1; from < version; from++) {
      if (!steps.has(stepName(type, from)))
        throw new RangeError(`nothing brings ${type} on from version ${from}`);
    }
  }
  return {
    definitions,
    definition: (type) => byType.get(type),
    upcast: (type, from, data) => {
      const current = byType.get(type)?.version ?? from;
      let upcasted = data;
      for (let version = from; version < current; version++) {
        const step = steps.get(stepName(type, version));
        if (step === undefined) throw new RangeError(`nothing brings ${type} on from version ${version}`);
        upcasted = step(upcasted);
      }
      return upcasted;
    },
  };
}

const stepName = (type: string, from: number): string => `${type}@${from}`;

/** Upcasters of the domain, from `<name>.v<n>.ts` beside the event; every shape ever written has one. */
export const domainUpcasters: readonly Upcaster[] = [
  { type: 'FulfilmentStarted', from: 1, upcast: startedFromV1 },
  { type: 'StockReserved', from: 1, upcast: reservationFromV1 },
  { type: 'StockReservationRefused', from: 1, upcast: reservationFromV1 },
  { type: 'StockReleased', from: 1, upcast: reservationFromV1 },
  { type: 'StockCommitted', from: 1, upcast: reservationFromV1 },
];

/** Every event that this program writes. */
export const registry: EventRegistry = createRegistry(
  [
    ...orderEvents,
    ...productEvents,
    ...inventoryEvents,
    ...paymentEvents,
    ...shipmentEvents,
    ...fulfilmentEvents,
    ...requestEvents,
    ...parkedEvents,
    ...identityEvents,
    ...snapshotEvents,
  ],
  domainUpcasters,
);

/** An event of the catalogue: its current version and the JSON Schema (2020-12) of its data. */
export interface EventSchema {
  readonly type: string;
  readonly version: number;
  readonly schema: z.core.JSONSchema.BaseSchema;
}

export const eventSchemas = (of: EventRegistry = registry): readonly EventSchema[] =>
  of.definitions.map(({ type, version, schema }) => ({ type, version, schema: z.toJSONSchema(schema) }));
