import type { Documents, Stored } from '../../read-store/read-store.ts';
import type { ShipmentDocument } from './document.ts';

export const getShipment = (
  documents: Documents<ShipmentDocument>,
  orderId: string,
): Promise<Stored<ShipmentDocument> | undefined> => documents.get(orderId);
