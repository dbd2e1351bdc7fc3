import { customerId } from '../../../domain/kernel/ids.ts';
import type { SessionEvent } from '../../../domain/session/events.ts';
import type { UserEvent } from '../../../domain/user/events.ts';

export const laptop = '01a20184-bd75-737b-b1d4-a86ccd3d3e63';
export const phone = '01a20184-bd75-737b-b1d4-a86ccd3d3e64';

export const sessionStarted = (sessionId: string, user = 'ann', userRevision = 0): SessionEvent => ({
  type: 'SessionStarted',
  data: {
    sessionId,
    userId: customerId(user),
    userRevision: String(userRevision),
    tokenHash: 'A'.repeat(43),
    userAgent: { personId: user, ciphertext: 'c2VjcmV0' },
    startedAt: '2026-03-01T12:00:00.000Z',
    expiresAt: '2026-05-30T12:00:00.000Z',
  },
});

export const sessionRefreshed = (sessionId: string, user = 'ann'): SessionEvent => ({
  type: 'SessionRefreshed',
  data: {
    sessionId,
    userId: customerId(user),
    tokenHash: 'B'.repeat(43),
    refreshedAt: '2026-03-01T12:15:00.000Z',
  },
});

export const sessionEnded = (sessionId: string, user = 'ann'): SessionEvent => ({
  type: 'SessionEnded',
  data: {
    sessionId,
    userId: customerId(user),
    reason: 'logged-out',
    endedAt: '2026-03-01T12:30:00.000Z',
  },
});

export const passwordChanged = (user = 'ann', keptSession?: string): UserEvent => ({
  type: 'PasswordChanged',
  data: {
    userId: customerId(user),
    password: { personId: user, ciphertext: 'aGFzaA' },
    ...(keptSession !== undefined && { keptSession }),
    changedAt: '2026-03-01T12:20:00.000Z',
  },
});

export const roleChanged = (user = 'ann'): UserEvent => ({
  type: 'RoleChanged',
  data: { userId: customerId(user), role: 'operator', by: 'olga' },
});

export const userDisabled = (user = 'ann'): UserEvent => ({
  type: 'UserDisabled',
  data: { userId: customerId(user), by: 'olga' },
});
