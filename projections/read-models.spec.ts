import { expect, it } from 'vitest';
import { RebuildableModel } from '../domain/rebuild/read-models.ts';
import { readModels } from './read-models.ts';

it('every read model can be rebuilt through the command API', () =>
  expect(RebuildableModel.options).toEqual(readModels.map(({ name }) => name)));
