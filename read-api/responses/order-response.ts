import { z } from 'zod';
import { Text } from '../../projections/documents/document-schema.ts';
import { OrderDocument } from '../../projections/orders/document.ts';
import { unshown } from './personal-data.ts';

/** Where a parcel goes, and to whom. */
const ShipTo = z.strictObject({
  name: Text,
  lines: z.array(Text),
  city: Text,
  postcode: Text,
  country: Text,
});

/** An order as the query API returns it: with decrypted personal data. */
export const OrderResponse = OrderDocument.extend({
  shipTo: ShipTo.nullable().optional().meta({ description: '`null` when the person was forgotten.' }),
  ...unshown,
}).meta({
  example: {
    ...(OrderDocument.meta()?.example as object),
    shipTo: {
      name: 'Ann Archer',
      lines: ['12 High Street', 'Flat 3'],
      city: 'Leeds',
      postcode: 'LS1 4AP',
      country: 'GB',
    },
  },
});
