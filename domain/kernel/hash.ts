/** Returns the FNV-1a hash of a text, 32 bits. It has no seed: every process and every version computes the same hash. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Returns a number from 0 to below 1: the same for the same text, and very different for similar texts. */
export const fractionOf = (text: string): number => (Math.imul(hashOf(text), 0x9e3779b1) >>> 0) / 2 ** 32;
