import { describe, expect, it } from 'vitest';
import { get } from '../../domain/kernel/persistent-map.ts';
import { NotFound } from '../../domain/kernel/refusal.ts';
import { specOf } from '../../domain/kernel/spec.ts';
import { type ParkedEvent, parkedEvents, type StepSubject } from '../../event-catalogue/parked-events.ts';
import type { ParkedCommand } from './commands.ts';
import { MOST_PARKED, MOST_SUSPECTS, parkedDecider } from './decider.ts';
import { parkedOf } from './parked-steps.ts';
import { MoneyStillOwed, NothingToReplay, StepBeingReplayed, TooManyParked } from './refusals.ts';
import { MOST_THROWN_AWAY } from './state.ts';

const { given } = specOf(parkedDecider, parkedEvents);

const at = '2026-01-05T10:00:00.000Z';
const subject = { group: 'fulfilment', kind: 'event', stream: 'order-o-1', revision: '0' } as const;
const park: ParkedCommand = { type: 'ParkStep', stepId: 'a', subject, reason: 'broken', at };
const parked = (stepId = 'a', reason = 'broken'): ParkedEvent => ({
  type: 'StepParked',
  data: { stepId, subject, reason, parkedAt: at },
});
/** As `parked`, of another subject. */
const parkedOver = (subject: StepSubject, stepId = 'a'): ParkedEvent => ({
  type: 'StepParked',
  data: { stepId, subject, reason: 'broken', parkedAt: at },
});
const ofDeadlines = { group: 'fulfilment', kind: 'deadline', stream: 'fulfilment-o-1' } as const;
const suspect: ParkedCommand = { type: 'SuspectStep', stepId: 'a', subject, at };
const suspected: ParkedEvent = { type: 'StepSuspected', data: { stepId: 'a' } };
const survived: ParkedEvent = { type: 'StepSurvived', data: { stepId: 'a' } };
const replay: ParkedCommand = { type: 'RequestReplay', stepId: 'a', requestedBy: 'olga' };
const replaying = (stepId = 'a'): ParkedEvent => ({
  type: 'StepReplayRequested',
  data: { stepId, requestedBy: 'olga' },
});
const replayed: ParkedEvent = { type: 'StepReplayed', data: { stepId: 'a' } };
const discard: ParkedCommand = { type: 'DiscardStep', stepId: 'a', reason: 'a test', discardedBy: 'olga' };
const discarded: ParkedEvent = {
  type: 'StepDiscarded',
  data: { stepId: 'a', reason: 'a test', discardedBy: 'olga' },
};

const stateAfter = (...events: readonly ParkedEvent[]) =>
  events.reduce(parkedDecider.evolve, parkedDecider.initialState);

describe('setting a step aside', () => {
  it('is done once, until it is replayed', () => {
    given().when(park).then(parked());
    given(parked()).when(park).thenNothing();
    given(parked(), replaying())
      .when({ ...park, reason: 'still broken' })
      .then(parked('a', 'still broken'));
    given(parked(), replaying(), replayed).when(park).then(parked());
  });
  it('again needs no more than its id', () => {
    const again: ParkedCommand = { type: 'ParkStep', stepId: 'a', reason: 'broken', at };
    given(parked(), replaying()).when(again).then(parked());
    given().when(again).thenNothing();
  });
  it('counts how often it was, and lists the newest first', () => {
    const steps = parkedOf(stateAfter(parked('a'), parked('b'), replaying('a'), parked('a')));
    expect(steps.map(({ stepId, times, status }) => [stepId, times, status])).toEqual([
      ['a', 2, 'parked'],
      ['b', 1, 'parked'],
    ]);
  });
  it('has a bound', () => {
    const full = Array.from({ length: MOST_PARKED }, (_, n) => parked(`s-${n}`));
    given(...full)
      .when(park)
      .thenRejects(TooManyParked, { limit: 10_000 });
    given(...full, { type: 'StepDiscarded', data: { ...discarded.data, stepId: 's-7' } } as ParkedEvent)
      .when(park)
      .then(parked());
  });
});

describe('a suspect', () => {
  it('is tried three times, then set aside unhandled', () => {
    given().when(suspect).then(suspected);
    given(suspected, suspected).when(suspect).then(suspected);
    given(suspected, suspected, suspected)
      .when(suspect)
      .then(parked('a', 'each of its consumers ended, or fell silent, while handling it'));
    given(parked()).when(suspect).thenNothing();
  });
  it('is one of 10,000 at most: marks that nobody takes back do not pile up for ever', () => {
    const marks = Array.from({ length: MOST_SUSPECTS }, (_, n): ParkedEvent => {
      return { type: 'StepSuspected', data: { stepId: `s-${n}` } };
    });
    const before = stateAfter(...marks);
    expect(get(before.suspects, 's-7')).toBe(1);
    const after = stateAfter(...marks, ...marks.slice(0, 1));
    expect([get(after.suspects, 's-0'), get(after.suspects, 's-7')]).toEqual([2, undefined]);
  });
  it('is none any more once its consumer survived', () => {
    given(suspected, suspected, suspected).when({ type: 'NoteSurvived', stepId: 'a' }).then(survived);
    given(suspected, suspected, suspected, survived).when(suspect).then(suspected);
    given().when({ type: 'NoteSurvived', stepId: 'a' }).thenNothing();
  });
});

describe('an operator', () => {
  it('has a step replayed, once at a time', () => {
    given(parked()).when(replay).then(replaying());
    given(parked(), replaying()).when(replay).thenNothing();
    given(parked(), replaying(), parked()).when(replay).then(replaying());
    given().when(replay).thenRejects(NotFound, { what: 'parked step', id: 'a' });
  });
  it('has many replayed, those that are still there', () =>
    given(parked('a'), parked('b'), replaying('b'))
      .when({ type: 'RequestReplays', stepIds: ['a', 'b', 'gone'], requestedBy: 'olga' })
      .then(replaying('a')));
  it('throws a step away for a reason, unless it is being replayed', () => {
    given(parked()).when(discard).then(discarded);
    given(parked(), replaying()).when(discard).thenRejects(StepBeingReplayed, { stepId: 'a' });
    given(parked(), discarded).when(discard).thenRejects(NotFound, { what: 'parked step' });
  });
  it('does not find a deadline again that was thrown away, though a process that starts comes upon it', () => {
    const deadline = { ...ofDeadlines, deadlineId: 'o-1-1' } as const;
    const aside = parkedOver(deadline);
    given(aside, discarded)
      .when({ ...park, subject: deadline })
      .thenNothing();
    given(aside, replaying(), replayed)
      .when({ ...park, subject: deadline })
      .then(aside);
  });
  it.each([
    { kind: 'refund' },
    { kind: 'deadline', type: 'payment' },
    { kind: 'deadline', type: 'settlement' },
    { kind: 'deadline', type: 'refund' },
  ] as const)('cannot throw away what is about money: $kind $type', (what) => {
    const about = { group: 'fulfilment', stream: 'payment-o-1', ...what };
    given(parkedOver(about)).when(discard).thenRejects(MoneyStillOwed, { stepId: 'a' });
  });
  it('may throw away the wait for a dispatch, which is found again when it is set aside anew', () => {
    const wait = { ...ofDeadlines, type: 'dispatch' } as const;
    const aside = parkedOver(wait);
    given(aside).when(discard).then(discarded);
    given(aside, discarded)
      .when({ ...park, subject: wait })
      .then(aside);
  });
  it('throws away as many as one likes; those that went first are forgotten', () => {
    const wait = { ...ofDeadlines, deadlineId: 'd' } as const;
    const thrown = Array.from({ length: MOST_THROWN_AWAY + 1 }, (_, n): ParkedEvent[] => [
      parkedOver(wait, `s-${n}`),
      { type: 'StepDiscarded', data: { stepId: `s-${n}`, reason: 'a test', discardedBy: 'olga' } },
    ]).flat();
    const state = stateAfter(...thrown);
    const forgotten = ['s-0', 's-1', `s-${MOST_THROWN_AWAY}`].map(
      (id) => get(state.thrownAway, id) === undefined,
    );
    expect(forgotten).toEqual([true, false, false]);
  });
  it('finds what was set aside again though its replay is noted afterwards', () => {
    const done: ParkedCommand = { type: 'NoteReplayed', stepId: 'a', number: 1 };
    given(parked(), replaying()).when(done).then(replayed);
    given(parked(), replaying(), parked()).when(done).thenNothing();
  });
  it('finds gone what was done', () => {
    given(parked(), replaying()).when({ type: 'NoteReplayed', stepId: 'a' }).then(replayed);
    given(parked(), replaying(), replayed).when({ type: 'NoteReplayed', stepId: 'a' }).thenNothing();
    expect(parkedOf(stateAfter(parked(), replaying(), replayed))).toEqual([]);
  });
});

describe('an exception', () => {
  const happened = parkedOver({
    group: 'fulfilment',
    kind: 'exception',
    stream: 'fulfilment-o-1',
    type: 'dispatched-after-cancel',
    number: 1,
  });
  it('cannot be replayed, neither alone nor with all parked steps', () => {
    given(happened).when(replay).thenRejects(NothingToReplay, { stepId: 'a' });
    given(happened, parked('b'))
      .when({ type: 'RequestReplays', stepIds: ['a', 'b'], requestedBy: 'olga' })
      .then(replaying('b'));
  });
  it('is not parked again after it was discarded', () => {
    given(happened).when(discard).then(discarded);
    given(happened, discarded).when(park).thenNothing();
  });
});
