import { z } from 'zod';
import { text } from './text-schemas.ts';

const MAX_LINES = 6;

/** The fields of a postal address, without the person's name. */
export const postalAddress = {
  lines: z
    .array(text(200))
    .min(1)
    .max(MAX_LINES)
    .meta({ description: `Street and house number and the like, 1 to ${MAX_LINES} lines.` }),
  city: text(100),
  postcode: text(20),
  country: text(100).meta({ description: 'The name of the country, or its code (ISO 3166-1).' }),
};

/** Where a parcel goes, and to whom: personal data. The order of the fields is part of its ciphertext. */
export const ShipTo = z.strictObject({ name: text(200), ...postalAddress }).meta({
  id: 'ShipTo',
  example: {
    name: 'Ann Archer',
    lines: ['12 High Street', 'Flat 3'],
    city: 'Leeds',
    postcode: 'LS1 4AP',
    country: 'GB',
  },
});
export type ShipTo = z.output<typeof ShipTo>;
