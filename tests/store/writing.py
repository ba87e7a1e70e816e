"""A program of its own that writes to a board: `python -m tests.store.writing URL CARD_ID COUNT`.

It prints the sequence of each change once that is acknowledged, so that a test can kill it and see what was kept.
"""

import sys

from app.commands import comments
from app.queries import cards
from app.store import Store
from tests.support import ROBOT


def main(url: str, card_id: int, count: int) -> None:
    store = Store.open(url)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        comments.add_comment(store, card_id, text=f"comment {number}", actor=ROBOT)
        print(cards.get_card(store, card_id).comment_count, flush=True)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
