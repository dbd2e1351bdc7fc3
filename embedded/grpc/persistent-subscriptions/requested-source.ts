import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import generated from '@eventstore/db-client/generated/persistent_pb.js';
import type { StartRequest } from '../../persistent-subscriptions/configuration.ts';
import { InvalidRequestError, MalformedRequestError } from '../../persistent-subscriptions/errors.ts';
import { ALL } from '../../persistent-subscriptions/stored/stream-names.ts';
import { revisionOf } from '../../storage/event.ts';
import { streamNameOf } from './request-target.ts';

const { RevisionOptionCase } = generated.CreateReq.StreamOptions;

/** Returns the stream and the start of a create or update request; older clients set them in other fields. */
export function requestedSource(
  options: CreateReq.Options | UpdateReq.Options,
  settings: CreateReq.Settings | UpdateReq.Settings,
): { stream: string; start: StartRequest } {
  const all = options.getAll();
  if (all) {
    const position = all.getPosition();
    const at = position && {
      commit: Number(position.getCommitPosition()),
      prepare: Number(position.getPreparePosition()),
    };
    return { stream: ALL, start: at ?? (all.hasEnd() ? 'end' : 'start') };
  }
  const requested = options.getStream();
  if (!requested) {
    const start = startRevision(settings.getRevision());
    return { stream: streamNameOf(options.getStreamIdentifier()), start };
  }
  return { stream: streamNameOf(requested.getStreamIdentifier()), start: startInStream(requested) };
}

function startInStream(requested: CreateReq.StreamOptions | UpdateReq.StreamOptions): StartRequest {
  switch (requested.getRevisionOptionCase()) {
    case RevisionOptionCase.REVISION:
      return startRevision(requested.getRevision());
    case RevisionOptionCase.START:
      return 'start';
    case RevisionOptionCase.END:
      return 'end';
    default:
      throw new InvalidRequestError(
        "'None' is not a valid EventStore.Client.PersistentSubscriptions.CreateReq+Types+StreamOptions+RevisionOptionOneofCase",
      );
  }
}

/** The official client sends the largest unsigned 64-bit number for the end, which is -1 as a signed number. */
function startRevision(text: string): StartRequest {
  const revision = BigInt.asIntN(64, BigInt(text));
  if (revision === -1n) return 'end';
  if (revision < 0n) throw new MalformedRequestError();
  return { revision: revisionOf(text) };
}
