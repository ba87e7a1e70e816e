"""What may be asked of webhooks."""

from typing import Annotated

from pydantic import Field

from app.commands.webhooks import SECRET_LEAST
from app.doors.bodies.fields import STORABLE, Body, Changes, unchanged
from models.vocabulary import Verb
from models.webhook import SECRET_LENGTH, URL_LENGTH

Url = Annotated[str, Field(min_length=1, max_length=URL_LENGTH), STORABLE]
Events = Annotated[list[Verb], Field(max_length=len(Verb))]
Secret = Annotated[str, Field(min_length=SECRET_LEAST, max_length=SECRET_LENGTH, pattern=r"^[ -~]+$")]

EVENTS = "The events that are sent; an empty list: all but `claim_renewed`."


class CreateWebhook(Body):
    url: Url = Field(description="http or https. Redirects are not followed.")
    events: Events = Field(default_factory=list, description=EVENTS)
    secret: Secret | None = Field(None, description="For the signature; made when absent, and told this once.")


class UpdateWebhook(Changes):
    url: Url = Field(default_factory=unchanged)
    events: Events = Field(default_factory=unchanged, description=EVENTS)
    active: bool = Field(
        default_factory=unchanged, description="false pauses it: what happens meanwhile is not sent, also not later."
    )
