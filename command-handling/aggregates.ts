import { adminsDecider } from '../domain/admins/decider.ts';
import { emailDecider } from '../domain/email/decider.ts';
import { inventoryDecider } from '../domain/inventory/decider.ts';
import { fromSnapshot, type InventorySnapshot, takeSnapshot } from '../domain/inventory/snapshot.ts';
import { orderDecider } from '../domain/order/decider.ts';
import { attemptsDecider } from '../domain/parking/attempts.ts';
import { parkingDecider } from '../domain/parking/decider.ts';
import { paymentDecider } from '../domain/payment/decider.ts';
import { productDecider } from '../domain/product/decider.ts';
import { rebuildDecider } from '../domain/rebuild/decider.ts';
import { sessionDecider } from '../domain/session/decider.ts';
import { shipmentDecider } from '../domain/shipment/decider.ts';
import { userDecider } from '../domain/user/decider.ts';
import {
  adminsStream,
  attemptsStream,
  emailStream,
  inventoryStream,
  orderStream,
  parkingStream,
  paymentStream,
  productStream,
  rebuildStream,
  sessionStream,
  shipmentStream,
  userStream,
} from '../event-catalogue/streams.ts';
import { type SnapshotShape, snapshotsOf } from './state/snapshot-shape.ts';

/**
 * The decider of each stream category. The command API, the process managers, the price cache and the snapshots take it
 * from here, since the command handler caches a state only for the decider that made it.
 */
const aggregates = {
  order: { streamOf: orderStream, decider: orderDecider },
  product: { streamOf: productStream, decider: productDecider },
  inventory: { streamOf: inventoryStream, decider: inventoryDecider },
  payment: { streamOf: paymentStream, decider: paymentDecider },
  shipment: { streamOf: shipmentStream, decider: shipmentDecider },
  user: { streamOf: userStream, decider: userDecider },
  email: { streamOf: emailStream, decider: emailDecider },
  session: { streamOf: sessionStream, decider: sessionDecider },
  rebuild: { streamOf: rebuildStream, decider: rebuildDecider },
  attempts: { streamOf: attemptsStream, decider: attemptsDecider },
} as const;

type Aggregates = typeof aggregates;

/** Returns the stream and the decider of an aggregate, to be spread into a command request. */
export const aggregate = <Category extends keyof Aggregates>(
  category: Category,
  id: string,
): { readonly stream: string; readonly decider: Aggregates[Category]['decider'] } => {
  const { streamOf, decider } = aggregates[category];
  return { stream: streamOf(id), decider };
};

/** The stream and the decider of the one list of parked items. */
export const parkingList = { stream: parkingStream, decider: parkingDecider } as const;

/** The stream and the decider of the one list of enabled admins. */
export const adminsList = { stream: adminsStream, decider: adminsDecider } as const;

/** Only stock streams grow without limit, since every order of a product adds to them. */
export const aggregateSnapshots: readonly SnapshotShape[] = [
  snapshotsOf(aggregates.inventory.decider, {
    shape: 'inventory',
    version: 2,
    every: 100,
    take: takeSnapshot,
    restore: (json: InventorySnapshot) => fromSnapshot(json),
  }),
];
