/** Maximum bytes of one append; the server's default. */
export const maxAppendBytes = 1024 * 1024;

/**
 * Returns the size of an event as the server counts it: its data, its metadata, and two bytes for each UTF-16 unit of its
 * type. Data and metadata are given as serialized.
 */
export const appendBytes = (type: string, data: string, metadata: string): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length;
