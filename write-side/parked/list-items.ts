import { z } from 'zod';
import type { ZodOpenApiOverrideMetaContext } from 'zod-openapi/api';
import { findItem, listItems } from '../../domain/parking/state.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import {
  exampleItem,
  filterFields,
  ItemPath,
  ParkedItemResponse,
  parkedItemResponse,
} from './item-response.ts';
import { notParked, parkedRoute, readParking } from './parking-list.ts';

const DEFAULT_LIMIT = 50;

const ListQuery = z.strictObject({
  ...filterFields,
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'a whole number from 1 to 200')
    .transform(Number)
    .pipe(z.int().min(1).max(200))
    .optional()
    .meta({
      description: 'Maximum number of entries of a page; 50 when absent.',
      override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: 200, default: DEFAULT_LIMIT });
      },
    }),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the "next" of an earlier response')
    .optional()
    .meta({
      description: 'The `next` of the previous page, unchanged. Absent: the first page.',
      example: '17',
    }),
});

const ParkedList = z
  .object({
    items: z.array(ParkedItemResponse),
    next: z.string().nullable().meta({ description: 'the cursor of the next page' }),
  })
  .meta({ id: 'ParkedItems', example: { items: [exampleItem], next: null } });

export const listParkedItems: CommandRoute = ({ handler }) =>
  defineRoute({
    ...parkedRoute,
    method: 'get',
    path: '/api/v1/parked',
    summary: 'Lists parked items, the newest first',
    query: ListQuery,
    responses: { 200: { description: 'a page of parked items', schema: ParkedList } },
    handle: async ({ query: { limit = DEFAULT_LIMIT, cursor, ...filter } }) => {
      const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
      const rest = listItems(await readParking(handler), filter).filter(({ number }) => number < before);
      const page = rest.slice(0, limit);
      const next = rest.length > page.length ? String(page.at(-1)?.number) : null;
      return { status: 200, body: { items: page.map(parkedItemResponse), next } };
    },
  });

export const showParkedItem: CommandRoute = ({ handler }) =>
  defineRoute({
    ...parkedRoute,
    method: 'get',
    path: '/api/v1/parked/:id',
    summary: 'Shows one parked item',
    params: ItemPath,
    responses: { 200: { description: 'the parked item', schema: ParkedItemResponse } },
    problems: notParked,
    handle: async ({ params: { id } }) => {
      const item = findItem(await readParking(handler), id);
      if (item === undefined) throw new ResourceNotFound('parked item', id);
      return { status: 200, body: parkedItemResponse(item) };
    },
  });
