"""What happened, told to everybody: one tail a board, followers with cursors, and the doorbells between processes."""

from app.feed.feed import Feed
from app.feed.follower import Follower, Published, Resync
from app.feed.presence import Presence, PresenceEvent, Seat, Who

__all__ = ["Feed", "Follower", "Presence", "PresenceEvent", "Published", "Resync", "Seat", "Who"]
