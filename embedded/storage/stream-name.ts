/** `$$orders` holds the metadata of `orders`. */
export const isMetastream = (stream: string): boolean => stream.startsWith('$$');

export const metastreamOf = (stream: string): string => `$$${stream}`;

/** Returns the stream that a metastream describes. */
export const originalOf = (metastream: string): string => metastream.slice(2);
