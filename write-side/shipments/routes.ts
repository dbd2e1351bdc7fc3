import type { CommandRoute } from '../command-services.ts';
import { deliverShipment } from './deliver-shipment.ts';
import { dispatchShipment } from './dispatch-shipment.ts';

export const shipmentRoutes: readonly CommandRoute[] = [dispatchShipment, deliverShipment];
