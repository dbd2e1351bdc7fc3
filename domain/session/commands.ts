import type { CustomerId } from '../kernel/ids.ts';
import type { PersonalData } from '../kernel/personal-data.ts';
import type { EndReason } from './events.ts';

/** Times (`at`) are ISO 8601. */
export interface StartSession {
  readonly type: 'StartSession';
  readonly sessionId: string;
  readonly userId: CustomerId;
  readonly userRevision: bigint;
  readonly tokenHash: string;
  readonly userAgent?: PersonalData | undefined;
  readonly address?: PersonalData | undefined;
  readonly at: string;
}
export interface RefreshSession {
  readonly type: 'RefreshSession';
  readonly presentedHash: string;
  /** Hash of the successor of the presented token: the same for every client that presents it. */
  readonly nextHash: string;
  readonly at: string;
}
export interface EndSession {
  readonly type: 'EndSession';
  readonly reason: EndReason;
  readonly at: string;
}

export type SessionCommand = StartSession | RefreshSession | EndSession;
