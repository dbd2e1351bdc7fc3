/** Values that the examples of the OpenAPI document share: all are about one order of one shop. */
export const pounds = (amount: number) => ({ amount, currency: 'GBP' });
export const orderId = '01a20184-bd75-737b-b1d4-a86ccd3d3e63';
export const customerId = 'ann@example.com';
export const productId = '22000A';
export const productName = 'Paper lantern';
export const placedAt = '2026-01-31T12:00:00.000Z';
export const capturedAt = '2026-01-31T12:00:00.121Z';
export const dispatchedAt = '2026-01-31T15:30:00.000Z';
export const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM123456789GB' };
