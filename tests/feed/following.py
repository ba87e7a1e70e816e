"""Reading from a follower, with an end to the patience."""

import asyncio

from app.feed import Follower, Published


async def read(follower: Follower, count: int, seconds: float = 20) -> list[Published]:
    """The next `count` changes."""
    items: list[Published] = []
    async with asyncio.timeout(seconds):
        while len(items) < count:
            item = await anext(follower)
            assert isinstance(item, Published)
            items.append(item)
    return items


def sequences(items: list[Published]) -> list[int]:
    return [item.change.sequence for item in items]
