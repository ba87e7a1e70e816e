"""The sort key between two neighbours.

A rank is text that sorts byte by byte. Between any two ranks there is always another, so moving one card rewrites
that card only. The shape is that of "Implementing Fractional Indexing" (David Greenspan, 2020): a head letter says
how many digits the integer part has, which keeps a thousand appends short; a fraction follows where one is needed.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FIRST = "a0"
LONGEST = 64
"""Past this many characters the column's ranks are dealt anew (`evenly`)."""

_BASE = len(DIGITS)
_VALUE = {digit: value for value, digit in enumerate(DIGITS)}


def between(low: str | None, high: str | None) -> str:
    """A rank that sorts after `low` and before `high`; None stands for the open end.

    Raises ValueError when `low` does not sort before `high`, or one of them is no rank.
    """
    if low is not None and high is not None and low >= high:
        raise ValueError(f"no rank fits between {low!r} and {high!r}: they are not in order")
    if low is None:
        return FIRST if high is None else _before(high)
    if high is None:
        return _after(low)
    low_integer, high_integer = _integer(low), _integer(high)
    if low_integer == high_integer:
        return low_integer + _fraction_between(low[len(low_integer) :], high[len(high_integer) :])
    following = _incremented(low_integer)
    if following is not None and following < high:
        return following
    return low_integer + _fraction_between(low[len(low_integer) :], None)


def evenly(count: int) -> list[str]:
    """`count` short ranks in order, to deal a column anew."""
    ranks: list[str] = []
    last: str | None = None
    for _ in range(count):
        last = between(last, None)
        ranks.append(last)
    return ranks


def _after(low: str) -> str:
    integer = _integer(low)
    following = _incremented(integer)
    return following if following is not None else integer + _fraction_between(low[len(integer) :], None)


def _before(high: str) -> str:
    integer = _integer(high)
    if integer < high:
        return integer
    previous = _decremented(integer)
    return previous if previous is not None else integer + _fraction_between("", high[len(integer) :])


def _integer(rank: str) -> str:
    head = rank[:1]
    if "a" <= head <= "z":
        length = ord(head) - ord("a") + 2
    elif "A" <= head <= "Z":
        length = ord("Z") - ord(head) + 2
    else:
        raise ValueError(f"{rank!r} is no rank: it starts with a letter")
    if len(rank) < length or any(digit not in _VALUE for digit in rank) or (len(rank) > length and rank[-1] == "0"):
        raise ValueError(f"{rank!r} is no rank")
    return rank[:length]


def _incremented(integer: str) -> str | None:
    head, digits = integer[0], list(integer[1:])
    for place in reversed(range(len(digits))):
        value = _VALUE[digits[place]] + 1
        if value < _BASE:
            digits[place] = DIGITS[value]
            return head + "".join(digits)
        digits[place] = DIGITS[0]
    if head == "Z":
        return "a0"
    if head == "z":
        return None
    following = chr(ord(head) + 1)
    return following + "".join(digits) + DIGITS[0] if following > "a" else following + "".join(digits[:-1])


def _decremented(integer: str) -> str | None:
    head, digits = integer[0], list(integer[1:])
    for place in reversed(range(len(digits))):
        value = _VALUE[digits[place]] - 1
        if value >= 0:
            digits[place] = DIGITS[value]
            return head + "".join(digits)
        digits[place] = DIGITS[-1]
    if head == "a":
        return "Z" + DIGITS[-1]
    if head == "A":
        return None
    previous = chr(ord(head) - 1)
    return previous + "".join(digits) + DIGITS[-1] if previous < "Z" else previous + "".join(digits[:-1])


def _fraction_between(low: str, high: str | None) -> str:
    """The shortest digits between two fractions; neither ends in a zero. None is 1."""
    shared = 0
    if high is not None:
        while shared < len(high) and (low[shared] if shared < len(low) else DIGITS[0]) == high[shared]:
            shared += 1
    if shared:
        assert high is not None
        return high[:shared] + _fraction_between(low[shared:], high[shared:])
    low_digit = _VALUE[low[0]] if low else 0
    high_digit = _VALUE[high[0]] if high is not None else _BASE
    if high_digit - low_digit > 1:
        return DIGITS[(low_digit + high_digit) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return DIGITS[low_digit] + _fraction_between(low[1:], None)
