"""Calls every method for streams and persistent subscriptions of the Python client on the node at NODE_URL."""

import asyncio
import os
import unittest
from uuid import uuid4

from esdbclient import (
    AsyncEventStoreDBClient,
    CaughtUp,
    Checkpoint,
    EventStoreDBClient,
    NewEvent,
    StreamState,
)
from esdbclient.exceptions import (
    AlreadyExists,
    ExceptionThrownByHandler,
    FailedPrecondition,
    GrpcError,
    MaximumAppendSizeExceededError,
    MaximumSubscriptionsReached,
    NotFound,
    StreamIsDeleted,
    WrongCurrentVersion,
)

NODE_URL = os.environ["NODE_URL"]
MEBIBYTE = 1024 * 1024


def new_event(event_type, data=b"{}", **options):
    return NewEvent(type=event_type, data=data, **options)


def types_of(events):
    return [event.type for event in events]


def take(subscription, count):
    """Returns the next count events of a subscription."""
    return [next(subscription) for _ in range(count)]


class NodeTest(unittest.TestCase):
    def setUp(self):
        self.client = EventStoreDBClient(NODE_URL)
        self.stream = f"order-{uuid4()}"
        self.group = f"group-{uuid4()}"

    def tearDown(self):
        self.client.close()

    def append(self, *event_types, stream=None):
        return self.client.append_to_stream(
            stream or self.stream,
            current_version=StreamState.ANY,
            events=[new_event(event_type) for event_type in event_types],
        )


class Appending(NodeTest):
    def test_events_are_read_as_written(self):
        self.client.append_to_stream(
            self.stream,
            current_version=StreamState.NO_STREAM,
            events=new_event("Placed", b'{"a": 1}', metadata=b'{"$correlationId": "c"}'),
        )
        self.client.append_to_stream(
            self.stream,
            current_version=0,
            events=[new_event("Paid"), new_event("Raw", b"\x00\xff", content_type="application/octet-stream")],
        )
        events = self.client.get_stream(self.stream)
        self.assertEqual(types_of(events), ["Placed", "Paid", "Raw"])
        self.assertEqual([event.stream_position for event in events], [0, 1, 2])
        self.assertEqual(events[0].data, b'{"a": 1}')
        self.assertEqual(events[0].metadata, b'{"$correlationId": "c"}')
        self.assertEqual(events[2].data, b"\x00\xff")
        self.assertEqual(events[2].content_type, "application/octet-stream")
        self.assertLess(events[0].commit_position, events[1].commit_position)

    def test_a_wrong_version_is_rejected(self):
        self.append("Placed")
        for wrong in (StreamState.NO_STREAM, 5):
            for events in (new_event("Paid"), [new_event("Paid"), new_event("Shipped")]):
                with self.assertRaises(WrongCurrentVersion):
                    self.client.append_to_stream(self.stream, current_version=wrong, events=events)
        with self.assertRaises(WrongCurrentVersion):
            self.client.append_to_stream(
                f"{self.stream}-missing", current_version=StreamState.EXISTS, events=new_event("Paid")
            )
        self.assertEqual(self.client.get_current_version(self.stream), 0)

    def test_a_repeated_append_writes_nothing(self):
        events = [new_event("Placed"), new_event("Paid")]
        first = self.client.append_events(self.stream, current_version=StreamState.NO_STREAM, events=events)
        again = self.client.append_events(self.stream, current_version=StreamState.NO_STREAM, events=events)
        self.assertEqual(first, again)
        self.assertEqual(len(self.client.get_stream(self.stream)), 2)

    def test_an_append_beyond_1_MiB_is_rejected_and_counts_metadata_and_type(self):
        def large(data, metadata):
            return new_event("T", b"x" * data, metadata=b"x" * metadata, content_type="application/octet-stream")

        fitting = large(MEBIBYTE - 102, 100)
        too_large = large(MEBIBYTE - 101, 100)
        self.client.append_event(self.stream, current_version=StreamState.ANY, event=fitting)
        with self.assertRaisesRegex(GrpcError, "Maximum Append Size of 1048576 Exceeded"):
            self.client.append_event(self.stream, current_version=StreamState.ANY, event=too_large)
        with self.assertRaises(MaximumAppendSizeExceededError):
            self.client.append_events(self.stream, current_version=StreamState.ANY, events=[too_large])

    def test_versions_and_positions_are_returned(self):
        self.assertIs(self.client.get_current_version(self.stream), StreamState.NO_STREAM)
        position = self.append("Placed")
        self.assertEqual(self.client.get_current_version(self.stream), 0)
        self.assertEqual(self.client.get_commit_position(), position)
        self.assertEqual(self.client.get_commit_position(filter_include=["NoSuchType"]), 0)


class Reading(NodeTest):
    def test_a_stream_is_read_in_both_directions_from_a_position_up_to_a_limit(self):
        self.append(*"ABCDE")
        read = self.client.read_stream
        self.assertEqual(types_of(read(self.stream)), list("ABCDE"))
        self.assertEqual(types_of(read(self.stream, backwards=True)), list("EDCBA"))
        self.assertEqual(types_of(read(self.stream, stream_position=1, limit=2)), list("BC"))
        self.assertEqual(types_of(read(self.stream, stream_position=3, backwards=True, limit=2)), list("DC"))
        self.assertEqual(types_of(self.client.get_stream(self.stream, limit=2)), list("AB"))

    def test_a_missing_stream_is_not_found(self):
        with self.assertRaises(NotFound):
            self.client.get_stream(self.stream)

    def test_all_events_are_read_in_both_directions_from_a_position(self):
        first = self.append("A")
        last = self.append("B", "C")
        forwards = list(self.client.read_all(commit_position=first))
        self.assertEqual(types_of(forwards), list("ABC"))
        self.assertEqual(types_of(self.client.read_all(commit_position=last, backwards=True, limit=2)), list("BA"))
        self.assertEqual(types_of(self.client.read_all(backwards=True, limit=3)), list("CBA"))

    def test_the_default_filter_leaves_out_system_events(self):
        self.client.set_stream_metadata(self.stream, metadata={"a": 1}, current_version=StreamState.ANY)
        self.append("Placed")
        shown = types_of(self.client.read_all())
        self.assertIn("Placed", shown)
        self.assertFalse([event_type for event_type in shown if event_type.startswith("$")])
        self.assertIn("$metadata", types_of(self.client.read_all(filter_exclude=[])))

    def test_filters_by_type_and_by_stream(self):
        mark = self.stream.replace("-", "")
        position = self.append(f"{mark}Placed")
        self.append(f"{mark}Paid", "Other")
        self.append(f"{mark}Placed", stream=f"other-{self.stream}")

        def read(**options):
            return types_of(self.client.read_all(commit_position=position, **options))

        placed, paid = f"{mark}Placed", f"{mark}Paid"
        self.assertEqual(read(filter_include=[placed]), [placed, placed])
        self.assertEqual(read(filter_include=[placed, paid]), [placed, paid, placed])
        self.assertEqual(read(filter_exclude=[r"\$.+", "Other", paid]), [placed, placed])
        self.assertEqual(read(filter_include=[self.stream], filter_by_stream_name=True), [placed, paid, "Other"])
        self.assertEqual(read(filter_include=[r"order-[\w-]+"], filter_by_stream_name=True), [placed, paid, "Other"])
        self.assertEqual(read(filter_exclude=[self.stream], filter_by_stream_name=True), [placed])

    def test_an_invalid_filter_is_rejected_and_quoted(self):
        with self.assertRaises(ExceptionThrownByHandler) as raised:
            list(self.client.read_all(filter_include=["(["]))
        self.assertIn("is not valid", str(raised.exception))

    def test_links_are_resolved_on_request(self):
        self.append("Placed")
        link = new_event("$>", f"0@{self.stream}".encode(), content_type="application/octet-stream")
        self.client.append_event(f"links-{self.stream}", current_version=StreamState.ANY, event=link)
        [plain] = self.client.get_stream(f"links-{self.stream}")
        [resolved] = self.client.get_stream(f"links-{self.stream}", resolve_links=True)
        self.assertEqual((plain.type, plain.is_link_event), ("$>", True))
        self.assertEqual((resolved.type, resolved.link.id), ("Placed", link.id))


class Removing(NodeTest):
    def test_a_deleted_stream_is_not_found_and_continues_when_it_is_written_again(self):
        self.append("A", "B")
        with self.assertRaises(WrongCurrentVersion):
            self.client.delete_stream(self.stream, current_version=0)
        self.client.delete_stream(self.stream, current_version=1)
        with self.assertRaises(NotFound):
            self.client.get_stream(self.stream)
        self.client.append_event(self.stream, current_version=StreamState.NO_STREAM, event=new_event("C"))
        [event] = self.client.get_stream(self.stream)
        self.assertEqual((event.type, event.stream_position), ("C", 2))
        self.client.delete_stream(self.stream, current_version=StreamState.EXISTS)
        self.client.delete_stream(self.stream, current_version=StreamState.ANY)

    def test_a_tombstoned_stream_stays_deleted(self):
        self.append("A")
        self.client.tombstone_stream(self.stream, current_version=0)
        with self.assertRaises(StreamIsDeleted):
            self.client.get_stream(self.stream)
        with self.assertRaises(FailedPrecondition):
            self.client.append_event(self.stream, current_version=StreamState.ANY, event=new_event("B"))
        with self.assertRaises(StreamIsDeleted):
            self.client.append_events(self.stream, current_version=StreamState.ANY, events=[new_event("B")])
        with self.assertRaises(StreamIsDeleted):
            self.client.delete_stream(self.stream, current_version=StreamState.ANY)
        with self.assertRaises(StreamIsDeleted):
            list(self.client.subscribe_to_stream(self.stream))

    def test_metadata_is_kept_and_limits_what_is_read(self):
        self.append(*"ABC")
        self.assertEqual(self.client.get_stream_metadata(self.stream), ({}, StreamState.NO_STREAM))
        self.client.set_stream_metadata(
            self.stream, metadata={"$maxCount": 2}, current_version=StreamState.NO_STREAM
        )
        self.assertEqual(self.client.get_stream_metadata(self.stream), ({"$maxCount": 2}, 0))
        self.assertEqual(types_of(self.client.get_stream(self.stream)), list("BC"))
        with self.assertRaises(WrongCurrentVersion):
            self.client.set_stream_metadata(self.stream, metadata={}, current_version=7)


class CatchingUp(NodeTest):
    def test_a_stream_is_followed_from_its_start_a_position_and_its_end(self):
        self.append("A", "B")
        from_start = self.client.subscribe_to_stream(self.stream, include_caught_up=True)
        from_position = self.client.subscribe_to_stream(self.stream, stream_position=0)
        from_end = self.client.subscribe_to_stream(self.stream, from_end=True, include_caught_up=True)
        self.assertEqual(types_of(take(from_start, 2)), list("AB"))
        self.assertIsInstance(next(from_start), CaughtUp)
        self.assertIsInstance(next(from_end), CaughtUp)
        self.append("C")
        self.assertEqual(next(from_start).type, "C")
        self.assertEqual(types_of(take(from_position, 2)), list("BC"))
        self.assertEqual(next(from_end).type, "C")
        for subscription in (from_start, from_position, from_end):
            subscription.stop()

    def test_a_missing_stream_is_caught_up_with_and_followed(self):
        with self.client.subscribe_to_stream(self.stream, include_caught_up=True) as subscription:
            self.assertIsInstance(next(subscription), CaughtUp)
            self.append("A")
            self.assertEqual(next(subscription).type, "A")

    def test_all_events_are_followed_from_a_position_and_the_end(self):
        position = self.append("A")
        self.append("B")
        with self.client.subscribe_to_all(commit_position=position) as from_position:
            self.assertEqual(next(from_position).type, "B")
            with self.client.subscribe_to_all(from_end=True, include_caught_up=True) as from_end:
                self.assertIsInstance(next(from_end), CaughtUp)
                self.append("C")
                self.assertEqual(next(from_position).type, "C")
                self.assertEqual(next(from_end).type, "C")

    def test_filters_and_checkpoints(self):
        position = self.append("Start")
        self.append(*[f"E{i}" for i in range(20)], stream=f"other-{self.stream}")
        with self.client.subscribe_to_all(
            commit_position=position,
            filter_include=[self.stream],
            filter_by_stream_name=True,
            include_checkpoints=True,
            include_caught_up=True,
            window_size=5,
            checkpoint_interval_multiplier=2,
        ) as subscription:
            before = []
            while not before or not isinstance(before[-1], CaughtUp):
                before.append(next(subscription))
            checkpoints = before[:-1]
            self.assertTrue(checkpoints and all(isinstance(each, Checkpoint) for each in checkpoints))
            self.append("Match")
            self.assertEqual(next(subscription).type, "Match")
        with self.client.subscribe_to_all(commit_position=checkpoints[-1].commit_position) as resumed:
            self.assertEqual(next(resumed).type, "Match")

    def test_the_default_filter_holds_for_subscriptions(self):
        position = self.append("A")
        self.client.set_stream_metadata(self.stream, metadata={"a": 1}, current_version=StreamState.ANY)
        self.append("B")
        with self.client.subscribe_to_all(commit_position=position) as subscription:
            self.assertEqual(next(subscription).type, "B")


class PersistentToStream(NodeTest):
    def create(self, **options):
        self.client.create_subscription_to_stream(self.group, self.stream, **options)

    def info(self):
        return self.client.get_subscription_info(self.group, self.stream)

    def test_events_are_delivered_acknowledged_retried_skipped_and_parked(self):
        self.append(*"ABCD")
        self.create(max_retry_count=5, checkpoint_after=0.1, min_checkpoint_count=1)
        with self.client.read_subscription_to_stream(self.group, self.stream, event_buffer_size=1) as subscription:
            self.assertEqual(subscription.subscription_id, f"{self.stream}::{self.group}")
            first = next(subscription)
            self.assertEqual((first.type, first.retry_count), ("A", 0))
            subscription.nack(first, "retry")
            again = next(subscription)
            self.assertEqual((again.type, again.retry_count), ("A", 1))
            subscription.ack(again)
            subscription.nack(next(subscription), "skip")
            subscription.nack(next(subscription).id, "park")
            last = next(subscription)
            self.assertEqual(last.type, "D")
            subscription.ack(last.id)
            while self.info().parked_message_count < 1:
                pass
            self.client.replay_parked_events(self.group, self.stream)
            replayed = next(subscription)
            self.assertEqual((replayed.type, replayed.is_resolved_event), ("C", True))
            subscription.ack(replayed)

    def test_a_group_starts_at_its_start_position(self):
        self.append(*"AB")
        self.create(stream_position=1)
        self.client.create_subscription_to_stream(f"{self.group}-end", self.stream, from_end=True)
        with self.client.read_subscription_to_stream(f"{self.group}-end", self.stream) as from_end:
            self.append("C")
            self.assertEqual(next(from_end).type, "C")
        with self.client.read_subscription_to_stream(self.group, self.stream) as from_one:
            self.assertEqual(types_of(take(from_one, 2)), list("BC"))

    def test_info_update_list_and_delete(self):
        self.create(consumer_strategy="RoundRobin", message_timeout=12.0, max_subscriber_count=3)
        with self.assertRaises(AlreadyExists):
            self.create()
        info = self.info()
        self.assertEqual(
            (info.event_source, info.group_name, info.consumer_strategy, info.message_timeout),
            (self.stream, self.group, "RoundRobin", 12.0),
        )
        self.client.update_subscription_to_stream(self.group, self.stream, max_retry_count=7)
        self.assertEqual((self.info().max_retry_count, self.info().message_timeout), (7, 12.0))
        [listed] = self.client.list_subscriptions_to_stream(self.stream)
        self.assertEqual(listed.group_name, self.group)
        self.assertIn(self.group, [each.group_name for each in self.client.list_subscriptions()])
        self.client.delete_subscription(self.group, self.stream)
        for missing in (
            self.info,
            lambda: self.client.delete_subscription(self.group, self.stream),
            lambda: self.client.update_subscription_to_stream(self.group, self.stream),
            lambda: self.client.replay_parked_events(self.group, self.stream),
            lambda: self.client.read_subscription_to_stream(self.group, self.stream),
        ):
            with self.assertRaises(NotFound):
                missing()

    def test_consumers_beyond_the_maximum_are_rejected(self):
        self.create(max_subscriber_count=1)
        with self.client.read_subscription_to_stream(self.group, self.stream):
            with self.assertRaises(MaximumSubscriptionsReached):
                self.client.read_subscription_to_stream(self.group, self.stream)

    def test_every_strategy_is_created(self):
        for strategy in ("DispatchToSingle", "RoundRobin", "Pinned", "PinnedByCorrelation"):
            self.client.create_subscription_to_stream(
                f"{self.group}-{strategy}", self.stream, consumer_strategy=strategy
            )
            info = self.client.get_subscription_info(f"{self.group}-{strategy}", self.stream)
            self.assertEqual(info.consumer_strategy, strategy)

    def test_links_are_resolved(self):
        self.append("Placed", stream=f"source-{self.stream}")
        link = new_event("$>", f"0@source-{self.stream}".encode(), content_type="application/octet-stream")
        self.client.append_event(self.stream, current_version=StreamState.ANY, event=link)
        self.create(resolve_links=True)
        with self.client.read_subscription_to_stream(self.group, self.stream) as subscription:
            event = next(subscription)
            self.assertEqual((event.type, event.link.id), ("Placed", link.id))
            subscription.ack(event)


class PersistentToAll(NodeTest):
    def test_events_behind_the_default_filter_are_delivered_parked_and_replayed(self):
        position = self.append("Before")
        self.client.set_stream_metadata(self.stream, metadata={"a": 1}, current_version=StreamState.ANY)
        self.append("A", "B")
        self.client.create_subscription_to_all(self.group, commit_position=position)
        with self.client.read_subscription_to_all(self.group) as subscription:
            self.assertEqual(subscription.subscription_id, f"$all::{self.group}")
            before, first, second = take(subscription, 3)
            self.assertEqual(types_of([before, first, second]), ["Before", "A", "B"])
            subscription.ack(before)
            subscription.ack(first)
            subscription.nack(second, "park")
            while self.client.get_subscription_info(self.group).parked_message_count < 1:
                pass
            self.client.replay_parked_events(self.group)
            self.assertEqual(next(subscription).type, "B")

    def test_filters_by_stream_and_type(self):
        self.client.create_subscription_to_all(
            self.group, from_end=True, filter_include=[self.stream], filter_by_stream_name=True
        )
        self.client.create_subscription_to_all(
            f"{self.group}-type", from_end=True, filter_include=["Placed"], filter_by_stream_name=False
        )
        with self.client.read_subscription_to_all(self.group) as by_stream:
            with self.client.read_subscription_to_all(f"{self.group}-type") as by_type:
                self.append("Paid", "Placed")
                self.append("Placed", stream=f"other-{self.stream}")
                self.assertEqual(types_of(take(by_stream, 2)), ["Paid", "Placed"])
                self.assertEqual(
                    [event.stream_name for event in take(by_type, 2)], [self.stream, f"other-{self.stream}"]
                )

    def test_info_update_list_and_delete(self):
        self.client.create_subscription_to_all(self.group)
        with self.assertRaises(AlreadyExists):
            self.client.create_subscription_to_all(self.group)
        self.client.update_subscription_to_all(self.group, max_retry_count=3, from_end=True)
        info = self.client.get_subscription_info(self.group)
        self.assertEqual((info.event_source, info.group_name, info.max_retry_count), ("$all", self.group, 3))
        self.assertIn(self.group, [each.group_name for each in self.client.list_subscriptions()])
        self.client.delete_subscription(self.group)
        for missing in (
            lambda: self.client.get_subscription_info(self.group),
            lambda: self.client.delete_subscription(self.group),
            lambda: self.client.read_subscription_to_all(self.group),
        ):
            with self.assertRaises(NotFound):
                missing()


class Gossip(NodeTest):
    def test_the_node_leads_its_cluster_of_one(self):
        [member] = self.client.read_gossip()
        self.assertEqual(member.state, "NODE_STATE_LEADER")

    def test_the_node_is_discovered(self):
        with EventStoreDBClient(NODE_URL.replace("esdb://", "esdb+discover://")) as client:
            self.assertIs(client.get_current_version(self.stream), StreamState.NO_STREAM)


class Asynchronously(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = AsyncEventStoreDBClient(NODE_URL)
        await self.client.connect()
        self.stream = f"order-{uuid4()}"
        self.group = f"group-{uuid4()}"

    async def asyncTearDown(self):
        await self.client.close()

    async def append(self, *event_types):
        events = [new_event(event_type) for event_type in event_types]
        return await self.client.append_to_stream(
            self.stream, current_version=StreamState.ANY, events=events
        )

    async def test_streams(self):
        position = await self.append("A", "B")
        self.assertEqual(types_of(await self.client.get_stream(self.stream)), list("AB"))
        async with await self.client.subscribe_to_all(commit_position=position) as subscription:
            await self.append("C")
            self.assertEqual((await anext(subscription)).type, "C")
        await self.client.delete_stream(self.stream, current_version=StreamState.ANY)
        with self.assertRaises(NotFound):
            await self.client.get_stream(self.stream)

    async def test_persistent_subscriptions(self):
        await self.append("A", "B")
        await self.client.create_subscription_to_stream(self.group, self.stream)
        async with await self.client.read_subscription_to_stream(self.group, self.stream) as subscription:
            for expected in "AB":
                event = await anext(subscription)
                self.assertEqual(event.type, expected)
                await subscription.ack(event)
        await self.client.create_subscription_to_all(self.group, from_end=True)
        async with await self.client.read_subscription_to_all(self.group) as subscription:
            await self.append("C")
            event = await asyncio.wait_for(anext(subscription), 30)
            self.assertEqual(event.type, "C")
        await self.client.delete_subscription(self.group)


if __name__ == "__main__":
    unittest.main()
