/** The names of the streams: `category-id`, split at the first dash. */
export const orderStream = (orderId: string): string => `order-${orderId}`;
export const productStream = (productId: string): string => `product-${productId}`;
export const inventoryStream = (productId: string): string => `inventory-${productId}`;
export const paymentStream = (orderId: string): string => `payment-${orderId}`;
export const shipmentStream = (orderId: string): string => `shipment-${orderId}`;
export const fulfilmentStream = (orderId: string): string => `fulfilment-${orderId}`;
export const notificationStream = (notificationId: string): string => `notification-${notificationId}`;
export const userStream = (userId: string): string => `user-${userId}`;
/** Claims an e-mail address, known by its keyed hash. */
export const emailStream = (keyedHash: string): string => `email-${keyedHash}`;
/** What became of a request that carried an idempotency key. */
export const requestStream = (hash: string): string => `request-${hash}`;

/** Steps of process managers that were set aside, and what became of them. */
export const parkedStepsStream = 'parked-steps';

/** The newest folded state of another stream. */
export const snapshotStream = (stream: string): string => `snapshot-${stream}`;

/** The further pieces of one that is too large for one event, from 1 on. */
export const snapshotPartStream = (stream: string, part: number): string =>
  `snapshot-part-${part}-of-${stream}`;

/** Names the store; its first event is the first of ours in it. */
export const identityStream = 'orderstream-identity';

/** Event types known to the programs that have used this store. Not a domain stream. */
export const knownTypesStream = 'orderstream-event-types';

/** The streams that tell the business's story: what projections and process managers follow. */
export const domainPrefixes: readonly string[] = [
  'order-',
  'product-',
  'inventory-',
  'payment-',
  'shipment-',
  'fulfilment-',
  'notification-',
  'user-',
];

/** Every stream of ours that tells of something; snapshots only repeat what others tell. */
export const ourPrefixes: readonly string[] = [
  ...domainPrefixes,
  'email-',
  'request-',
  parkedStepsStream,
  identityStream,
];

/** Whether a stream is one of `ourPrefixes`. */
export const isOurs = (stream: string): boolean => ourPrefixes.some((prefix) => stream.startsWith(prefix));

/** The part of a stream's name after its category: the id of what it is about. */
export const idOfStream = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
