import { createErrorTranslation } from '../../platform/mongodb/translate-errors.ts';
import { ReadStoreFull, ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';

export const { translateErrors, ignoreDuplicateId, ignoreDuplicateIds } = createErrorTranslation({
  setting: 'READ_STORE_URL',
  store: 'read store',
  unavailable: ReadStoreUnavailable,
  full: ReadStoreFull,
  unusable: ReadStoreUnusable,
});
