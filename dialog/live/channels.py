"""The meetings that somebody looks at in this process, and their viewers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from . import ports
from .delivery import Delivery
from .presence import Count, Presence
from .schema import ActivityHead, Head
from .schema import Presence as PresenceMessage
from .sender import Sender
from .subscriptions import Channel, Viewer

#: Seconds over which arrivals and departures are gathered into one message.
PRESENCE_GATHER_SECONDS = 1.0


class Channels:
    """The channels of one application: viewers enter and leave them, and receive what is committed."""

    def __init__(self, app: Flask, socketio: SocketIO, sender: Sender) -> None:
        self._app, self._socketio, self._sender = app, socketio, sender
        self._delivery = Delivery(app, socketio, sender)
        self.presence = Presence(on_change=self._count_elsewhere_changed)
        self._by_meeting: dict[int, Channel] = {}
        self._viewers: dict[str, Viewer] = {}

    def viewer_of(self, sid: str) -> Viewer | None:
        return self._viewers.get(sid)

    def enter(self, viewer: Viewer) -> tuple[Any, ...]:
        """Subscribe a socket to its meeting, and return the messages that it is sent at once.

        These are the position and what a phone that slept has missed: the stage and its place. The position
        is taken before the client asks for a snapshot, so that no change falls between the two.
        """
        channel = self._by_meeting.get(viewer.meeting_id)
        if channel is None:
            epoch, positions = ports.read_positions([viewer.meeting_id])
            now = positions[viewer.meeting_id]
            # Reading may yield to other sockets, one of which may have made the channel meanwhile.
            channel = self._by_meeting.setdefault(
                viewer.meeting_id,
                Channel(viewer.meeting_id, now.seq, now.stage, epoch, now.place_seq, now.act_seq, now.chat),
            )
        channel.viewers[viewer.sid] = viewer
        self._viewers[viewer.sid] = viewer
        self._presence_changed(channel)
        messages = (Head(channel.delivered, channel.epoch, channel.chat), channel.stage)
        if viewer.kind == "staff":
            return *messages, ActivityHead(channel.act_seq)
        if viewer.kind != "participant":
            return messages
        channel.places[viewer.sid] = viewer.place
        if viewer.place_seq < channel.place_seq:
            # The device was moved after its handshake was read. The others know, so deliver places once more.
            channel.place_seq = viewer.place_seq
            self._delivery.request(channel)
        return *messages, viewer.place

    def leave(self, sid: str) -> None:
        """Forget a socket that went away."""
        viewer = self._viewers.pop(sid, None)
        if viewer is None:
            return
        channel = self._by_meeting.get(viewer.meeting_id)
        if channel is None:
            return
        channel.viewers.pop(sid, None)
        channel.places.pop(sid, None)
        if channel.viewers:
            self._presence_changed(channel)
        else:
            self._by_meeting.pop(viewer.meeting_id, None)
            self.presence.set_count(viewer.meeting_id, Count())

    def disconnect(self, matches: Callable[[Viewer], bool]) -> None:
        """Close every socket that *matches*."""
        for viewer in [viewer for viewer in self._viewers.values() if matches(viewer)]:
            self.leave(viewer.sid)
            self._socketio.server.disconnect(viewer.sid)

    def close_browser(self, user_id: int, session: str) -> None:
        """Close the sockets that *user_id* has in one browser."""
        self.disconnect(
            lambda viewer: viewer.kind == "staff" and viewer.person == user_id and viewer.session == session
        )

    def deliver(self, meeting_id: int) -> None:
        """Deliver what was committed in *meeting_id* to its viewers in this process. Never waits."""
        channel = self._by_meeting.get(meeting_id)
        if channel is not None:
            self._delivery.request(channel)

    def heartbeat(self) -> None:
        """Read the positions of all channels, deliver what is missing, and send ``head`` to everybody.

        This finds what no message from another process announced: changes, and viewers who were expelled.
        """
        if not self._by_meeting:
            return
        with self._app.app_context():
            epoch, positions = ports.read_positions(list(self._by_meeting))
            expelled = ports.find_expelled(list(self._viewers.values()))
        if expelled:
            self.disconnect(lambda viewer: viewer.sid in expelled)
        for channel in list(self._by_meeting.values()):
            now = positions.get(channel.meeting_id)
            if now is None:
                continue
            if channel.is_behind(epoch, now):
                self._delivery.request(channel)
            self._sender.send_to_meeting(channel.meeting_id, Head(now.seq, epoch, now.chat))

    def _presence_changed(self, channel: Channel) -> None:
        if not channel.presence_due:
            channel.presence_due = True
            self._socketio.start_background_task(self._send_presence, channel)

    def _count_elsewhere_changed(self, meeting_id: int) -> None:
        channel = self._by_meeting.get(meeting_id)
        if channel is not None:
            self._presence_changed(channel)

    def _send_presence(self, channel: Channel) -> None:
        self._socketio.sleep(PRESENCE_GATHER_SECONDS)
        channel.presence_due = False
        if self._by_meeting.get(channel.meeting_id) is not channel:
            return  # the last viewer left meanwhile, and leaving set the count to zero
        devices = {
            viewer.person: viewer for viewer in channel.viewers.values() if viewer.kind == "participant"
        }
        own = Count(len(devices), sum(viewer.table for viewer in devices.values()))
        total = self.presence.set_count(channel.meeting_id, own)
        self._sender.send_to_meeting(channel.meeting_id, PresenceMessage(total.online, total.tables))
