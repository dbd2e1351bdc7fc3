import type { DomainEvent } from '../domain/kernel/event.ts';
import { readModels } from './models.ts';
import type { Projection } from './projection.ts';

/** A projection as those see it who run them all: whatever its documents are, whichever events it cares for. */
export type AnyProjection = Projection<unknown>;

/**
 * Forgets which documents and events a projection is about. Sound because a projection only ever gets back documents of its
 * own, and passes over the events that it does not name.
 */
export const anyProjection = <Body, Event extends DomainEvent>(
  projection: Projection<Body, Event>,
): AnyProjection => projection as unknown as AnyProjection;

/** Every read model, to be run, rebuilt and verified. */
export const projections: readonly AnyProjection[] = readModels.map(
  (model) => model as unknown as AnyProjection,
);
