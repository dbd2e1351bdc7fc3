/** `$$orders` holds the metadata of `orders`. */
export const isMetastream = (stream: string): boolean => stream.startsWith('$$');

export const metastreamOf = (stream: string): string => `$$${stream}`;

/** The stream that a metastream is about. */
export const originalOf = (metastream: string): string => metastream.slice(2);
