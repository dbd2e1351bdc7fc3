/** Characters that weigh as much as one entry: the length of the longest product id. */
const CHARACTERS_PER_ENTRY = 64;

/**
 * Returns the weight of a state in the cache: 1, plus 1 per entry of its lists and maps and per 64 characters of its texts.
 * Entries are not weighed one by one, since every command weighs a state and lists are long.
 */
export const weightOf = (state: unknown): number => 1 + Math.floor(weigh(state));

function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length / CHARACTERS_PER_ENTRY;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  // Persistent maps and queues know their size.
  if ('size' in value && typeof value.size === 'number') return value.size;
  let weight = 0;
  for (const field of Object.values(value)) weight += weigh(field);
  return weight;
}
