import { accountRoutes } from './accounts/account-routes.ts';
import type { CommandRoute } from './command-services.ts';
import { adjustStock } from './items/adjust-stock.ts';
import { changeItem } from './items/change-item.ts';
import { createItem } from './items/create-item.ts';
import { receiveStock } from './items/receive-stock.ts';
import { restoreItem, retireItem } from './items/retire-item.ts';
import { cancelOrder } from './orders/cancel-order.ts';
import { placeOrder } from './orders/place-order.ts';
import { cancelReplay } from './parked/cancel-replay.ts';
import { discardItem } from './parked/discard-item.ts';
import { listParkedItems, showParkedItem } from './parked/list-items.ts';
import { replayItem } from './parked/replay-item.ts';
import { replayItems } from './parked/replay-items.ts';
import { refundPayment } from './payments/refund-payment.ts';
import { resolvePayment } from './payments/resolve-payment.ts';
import { requestRebuild } from './read-models/request-rebuild.ts';
import { deliverShipment } from './shipments/deliver-shipment.ts';
import { dispatchShipment } from './shipments/dispatch-shipment.ts';

/** All routes. The router compares a request with one after another, so the most frequent ones come first. */
export const commandRoutes: readonly CommandRoute[] = [
  [placeOrder, cancelOrder],
  [createItem, changeItem, retireItem, restoreItem, receiveStock, adjustStock],
  [dispatchShipment, deliverShipment],
  [refundPayment, resolvePayment],
  [listParkedItems, showParkedItem, replayItems, replayItem, cancelReplay, discardItem],
  [requestRebuild],
  accountRoutes,
].flat();
