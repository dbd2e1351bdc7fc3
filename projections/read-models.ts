import { accountsProjection } from './accounts/projection.ts';
import { customersProjection } from './customers/projection.ts';
import { deadlinesProjection } from './deadlines/projection.ts';
import type { DefinedProjection } from './define-projection.ts';
import { itemsProjection } from './items/projection.ts';
import { movementsProjection } from './movements/projection.ts';
import { ordersProjection } from './orders/projection.ts';
import { parkedProjection } from './parked/projection.ts';
import { paymentsProjection } from './payments/projection.ts';
import { salesProjection } from './sales/projection.ts';
import { sessionsProjection } from './sessions/projection.ts';
import { shipmentsProjection } from './shipments/projection.ts';
import { timelineProjection } from './timeline/projection.ts';

/** Every read model: the projector runs them, rebuilds them and verifies them. */
export const readModels: readonly DefinedProjection[] = [
  ordersProjection,
  timelineProjection,
  itemsProjection,
  movementsProjection,
  paymentsProjection,
  shipmentsProjection,
  customersProjection,
  salesProjection,
  deadlinesProjection,
  parkedProjection,
  sessionsProjection,
  accountsProjection,
];
