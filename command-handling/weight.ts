/** A text so long weighs as much as an entry: the longest product id. */
const TEXT = 64;

/**
 * What a state weighs among those that are kept: one for itself, for each entry of what it lists or maps, and for every 64 characters of its own
 * texts. Nothing is counted one by one, for lists are long and states are weighed with every command: an entry is as large as its schema lets it be.
 */
export const weightOf = (state: unknown): number => 1 + Math.floor(weigh(state));

function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length / TEXT;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  // Persistent maps and queues know it.
  if ('size' in value && typeof value.size === 'number') return value.size;
  let weight = 0;
  for (const field of Object.values(value)) weight += weigh(field);
  return weight;
}
