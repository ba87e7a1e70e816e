"""Every refusal, defined once: a code for programs, an HTTP status, and data that helps. Doors only translate."""

from typing import Any, ClassVar


class Refusal(Exception):
    """Something was asked that cannot be done; nothing was changed.

    `detail` is a sentence for people. `data` is added to the wire form; by custom `allowed` holds the values that
    would have worked, `next` the call that would help and `field` the name of the input at fault.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "Refused"

    def __init__(self, detail: str, **data: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.data = data


class InvalidInput(Refusal):
    """A value is malformed, too long, or not one of those allowed."""

    code, status, title = "invalid_input", 422, "Invalid input"


class NotFound(Refusal):
    code, status, title = "not_found", 404, "Not found"


class BoardArchived(Refusal):
    code, status, title = "board_archived", 409, "The board is archived"


class CardArchived(Refusal):
    code, status, title = "card_archived", 409, "The card is archived"


class ColumnFull(Refusal):
    code, status, title = "column_full", 409, "The column is full"


class ColumnNotEmpty(Refusal):
    code, status, title = "column_not_empty", 409, "The column still holds cards"


class LastColumn(Refusal):
    code, status, title = "last_column", 409, "A board keeps at least one column"


class GateClosed(Refusal):
    """The column requires what the card does not have; `missing` names it, one entry a requirement."""

    code, status, title = "gate_closed", 409, "The column requires more"


class CardClaimed(Refusal):
    """Another works on the card; `holder` and `expires_at` say who and until when."""

    code, status, title = "card_claimed", 409, "The card is claimed"


class LeaseLost(Refusal):
    """The fence that came along is no claim of the caller's any more: it ended, or the card was claimed anew."""

    code, status, title = "lease_lost", 409, "The lease is lost"


class NotTheHolder(Refusal):
    code, status, title = "not_the_holder", 409, "Only the holder of the claim may do this"


class CardBlocked(Refusal):
    """The card waits for others; `blockers` are their refs."""

    code, status, title = "card_blocked", 409, "The card is blocked"


class CardDone(Refusal):
    code, status, title = "card_done", 409, "The card is done"


class Cycle(Refusal):
    """Cards would wait for one another; `path` are the refs on the way round."""

    code, status, title = "cycle", 409, "The cards would block one another"


class OwnWork(Refusal):
    code, status, title = "own_work", 409, "Another person approves"


class LabelTaken(Refusal):
    code, status, title = "label_taken", 409, "The label exists"


class AgentPaused(Refusal):
    """A person has paused this agent on the board; `reason` and `by` say why and who."""

    code, status, title = "agent_paused", 403, "The agent is paused"


class PeopleOnly(Refusal):
    code, status, title = "people_only", 403, "Only people may do this"


class WebhookPaused(Refusal):
    code, status, title = "webhook_paused", 409, "The webhook is paused"


class KeyTaken(Refusal):
    code, status, title = "key_taken", 409, "The key is taken"


class VersionMismatch(Refusal):
    """The card moved on since the caller read it; `card` is the card now."""

    code, status, title = "version_mismatch", 412, "The card has changed"


class FieldChanged(Refusal):
    """Another changed the same field since the caller read it; `field` and `current` say what it is now."""

    code, status, title = "field_changed", 409, "The field has changed"


class NotTheAuthor(Refusal):
    code, status, title = "not_the_author", 403, "Only the author may do this"


class IdempotencyKeyReused(Refusal):
    code, status, title = "idempotency_key_reused", 422, "The idempotency key belongs to another request"


class TooMuch(Refusal):
    """A limit on what comes from outside; `retry_after_seconds` says when to try again."""

    code, status, title = "too_many_requests", 429, "Too many requests"


class TooLarge(Refusal):
    code, status, title = "too_large", 413, "Too large"


class StoreUnavailable(Refusal):
    """The database does not answer, or could not commit; nothing was changed.

    Only where the connection to PostgreSQL broke during the commit itself, nobody can tell: whoever needs to know
    asks again with the same idempotency key.
    """

    code, status, title = "store_unavailable", 503, "The store is unavailable"


class CannotStart(Exception):
    """The program cannot start; its text is one line that says why and what would work."""
