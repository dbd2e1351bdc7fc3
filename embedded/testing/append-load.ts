// Load generator: appends single events on one connection with a number of appends in flight. Encodes the requests once and
// then changes only their ids, to use little CPU time. Prints the rate and the latencies.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:http2';
import process from 'node:process';
import { parseArgs } from 'node:util';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '2113' },
    appends: { type: 'string', default: '100000' },
    'in-flight': { type: 'string', default: '64' },
    streams: { type: 'string', default: '1000' },
  },
});
const [appends, inFlight, streamCount] = [values.appends, values['in-flight'], values.streams].map(
  Number,
) as [number, number, number];

const CORRELATION = '11111111-1111-4111-8111-111111111111';
const EVENT = '22222222-2222-4222-8222-222222222222';
const HEADER_BYTES = 5;
const run = randomUUID().slice(0, 8);

const templates = Array.from({ length: streamCount }, (_, i) => {
  const uuid = (text: string) => new shared.UUID().setString(text);
  const options = new streams.BatchAppendReq.Options()
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(`load-${run}-${i}`)))
    .setAny(new empty.Empty());
  const event = new streams.BatchAppendReq.ProposedMessage()
    .setId(uuid(EVENT))
    .setData(Buffer.from(JSON.stringify({ filler: 'x'.repeat(200) })))
    .setCustomMetadata(Buffer.from(JSON.stringify({ $correlationId: 'c', $causationId: 'd' })));
  event.getMetadataMap().set('type', 'OrderPlaced').set('content-type', 'application/json');
  const message = new streams.BatchAppendReq()
    .setCorrelationId(uuid(CORRELATION))
    .setOptions(options)
    .setProposedMessagesList([event])
    .setIsFinal(true)
    .serializeBinary();
  const frame = Buffer.concat([Buffer.alloc(HEADER_BYTES), message]);
  frame.writeUInt32BE(message.length, 1);
  return { frame, correlationAt: frame.indexOf(CORRELATION), eventAt: frame.indexOf(EVENT) };
});

const call = connect(`http://127.0.0.1:${values.port}`).request({
  ':method': 'POST',
  ':path': '/event_store.client.streams.Streams/BatchAppend',
  'content-type': 'application/grpc',
  te: 'trailers',
});
const sentAt = new Float64Array(appends);
const latencies = new Float64Array(appends);
let sent = 0;
let responses = 0;
let rest: Buffer = Buffer.alloc(0);

function send(count: number): void {
  const frames: Buffer[] = [];
  for (let i = 0; i < count && sent < appends; i++) {
    const template = templates[sent % streamCount];
    if (template === undefined) return;
    const frame = Buffer.from(template.frame);
    frame.write(randomUUID(), template.correlationAt, 'latin1');
    frame.write(randomUUID(), template.eventAt, 'latin1');
    sentAt[sent] = performance.now();
    sent += 1;
    frames.push(frame);
  }
  if (frames.length > 0) call.write(Buffer.concat(frames));
}

function receive(data: Buffer): void {
  rest = rest.length > 0 ? Buffer.concat([rest, data]) : data;
  let at = 0;
  let count = 0;
  while (rest.length - at >= HEADER_BYTES) {
    const end = at + HEADER_BYTES + rest.readUInt32BE(at + 1);
    if (rest.length < end) break;
    at = end;
    latencies[responses] = performance.now() - Number(sentAt[responses]);
    responses += 1;
    count += 1;
  }
  rest = rest.subarray(at);
  if (responses < appends) send(count);
  else report();
}

function report(): void {
  const seconds = (performance.now() - started) / 1000;
  latencies.sort();
  const quantile = (share: number) => `${latencies[Math.floor(appends * share)]?.toFixed(2)} ms`;
  process.stdout.write(
    `${appends} appends, ${inFlight} in flight: ${Math.round(appends / seconds)}/s, p50 ${quantile(0.5)}, p99 ${quantile(0.99)}\n`,
  );
  process.exit(0);
}

call.on('data', receive);
const started = performance.now();
send(inFlight);
