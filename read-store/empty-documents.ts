import { checkQuery } from './check-query.ts';
import type { Documents, ModelDeclaration } from './read-store.ts';

/** Returns an empty generation, for queries before the first projector has created one. */
export const emptyDocuments = <Body>(model: ModelDeclaration): Documents<Body> => ({
  generation: 0,
  get: async () => undefined,
  load: async () => new Map(),
  find: async (query) => {
    checkQuery(model, query);
    return [];
  },
  findJson: async (query) => {
    checkQuery(model, query);
    return { count: 0, json: Buffer.alloc(0) };
  },
  page: async () => [],
  checkpoint: async () => undefined,
  checkpointEvents: async () => [],
});
