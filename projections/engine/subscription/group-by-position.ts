import { comparePositions } from '../positions.ts';
import type { ModelWriter } from '../writing/model-writer.ts';

/** Groups the writers by position, the furthest first: the others join that group later. */
export function groupByPosition(writers: readonly ModelWriter[]): ModelWriter[][] {
  const groups: ModelWriter[][] = [];
  for (const writer of [...writers].sort((a, b) => comparePositions(b.position, a.position))) {
    const last = groups.at(-1);
    const position = last?.[0]?.position;
    if (last !== undefined && comparePositions(position, writer.position) === 0) last.push(writer);
    else groups.push([writer]);
  }
  return groups;
}
