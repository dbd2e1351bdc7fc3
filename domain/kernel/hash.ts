/** FNV-1a, 32 bits: no seed, so that every process, now and later, comes to the same. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** From 0 to below 1, far apart for texts that hardly differ: chance that comes out the same when it is asked again. */
export const fractionOf = (text: string): number => (Math.imul(hashOf(text), 0x9e3779b1) >>> 0) / 2 ** 32;
