/** The version of EventStoreDB that the node imitates. Clients choose their calls by it. */
export const IMITATED_VERSION = '24.10.6';
