import { customersProjection } from './customers/projection.ts';
import { deadlinesProjection } from './deadlines/projection.ts';
import { itemsProjection } from './items/projection.ts';
import { movementsProjection } from './movements/projection.ts';
import { ordersProjection } from './orders/projection.ts';
import { paymentsProjection } from './payments/projection.ts';
import type { Projection } from './projection.ts';
import { salesProjection } from './sales/projection.ts';
import { shipmentsProjection } from './shipments/projection.ts';
import { timelineProjection } from './timeline/projection.ts';

const models = [
  ordersProjection,
  timelineProjection,
  itemsProjection,
  movementsProjection,
  paymentsProjection,
  shipmentsProjection,
  customersProjection,
  salesProjection,
  deadlinesProjection,
];

/**
 * Every read model there is, for the projector to run. It may give each any event, since a model passes over the types
 * that it does not name, and gives each only the bodies that it made itself: which is more than the types can say.
 */
export const readModels = models as unknown as readonly Projection<unknown>[];
