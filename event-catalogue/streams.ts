/** Names of the streams: a category and an id, separated by the first dash. */
export const orderStream = (orderId: string): string => `order-${orderId}`;
export const productStream = (productId: string): string => `product-${productId}`;
export const inventoryStream = (productId: string): string => `inventory-${productId}`;
export const paymentStream = (orderId: string): string => `payment-${orderId}`;
export const shipmentStream = (orderId: string): string => `shipment-${orderId}`;
export const fulfilmentStream = (orderId: string): string => `fulfilment-${orderId}`;
export const userStream = (userId: string): string => `user-${userId}`;
export const sessionStream = (sessionId: string): string => `session-${sessionId}`;
/** The stream of an e-mail address, by its keyed hash in hexadecimal digits. */
export const emailStream = (emailHash: string): string => `email-${emailHash}`;
/** The mails to the holder of an account. */
export const mailsStream = (userId: string): string => `mails-${userId}`;
/** The list of enabled admins. */
export const adminsStream = 'admins-list';
/** The request to rebuild a read model. */
export const rebuildStream = (rebuildId: string): string => `rebuild-${rebuildId}`;
/** The stream of a request with an idempotency key. */
export const requestStream = (hash: string): string => `request-${hash}`;

/** Parked items of all process managers, and the replays that operators request. */
export const parkingStream = 'parking-list';
/** Attempts of work that may crash its workers. */
export const attemptsStream = (workId: string): string => `attempts-${workId}`;

/** Prefixes of the streams of the business: those that projections and process managers follow. */
export const domainPrefixes: readonly string[] = [
  'order-',
  'product-',
  'inventory-',
  'payment-',
  'shipment-',
  'fulfilment-',
];

/** Prefixes of all streams of this program, with that of the event store's identity. Snapshots only repeat other events. */
export const ourPrefixes: readonly string[] = [
  ...domainPrefixes,
  'user-',
  'email-',
  'session-',
  'mails-',
  adminsStream,
  'request-',
  'rebuild-',
  parkingStream,
  'attempts-',
  'orderstream-identity',
];
