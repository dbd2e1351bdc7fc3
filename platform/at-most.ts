/**
 * Returns the options of an `LRUCache` that keeps at most `entries` entries and takes memory as it fills. With `max`, a cache
 * of 100,000 entries takes 2.4 MB and about 20 ms when it is created.
 */
export const atMost = (entries: number) => ({ maxSize: entries, sizeCalculation: () => 1 });
