import type { Documents, Stored } from '../../read-store/read-store.ts';
import type { PaymentDocument } from './document.ts';

export const getPayment = (
  documents: Documents<PaymentDocument>,
  orderId: string,
): Promise<Stored<PaymentDocument> | undefined> => documents.get(orderId);
