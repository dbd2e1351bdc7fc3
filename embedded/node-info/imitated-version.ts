/** The EventStoreDB whose behaviour is imitated; clients choose their calls by it. */
export const IMITATED_VERSION = '24.10.6';
