"""What may be asked about work and those who do it: claims, pauses, and many commands at once."""

from typing import Annotated, Any

from pydantic import Field, RootModel

from app.doors.bodies.fields import STORABLE, AgentName, Body, BusySeconds, Fence, Id, LeaseSeconds
from app.doors.limits import BATCH_MOST, LARGEST_ID
from models.label import NAME_LENGTH as LABEL_LENGTH

LEASE = "How long the claim lasts after the last word of its holder; 300 when absent."
BUSY = "Seconds for which the holder may be silent now, where that is longer than the lease."

Reason = Annotated[str, Field(max_length=200), STORABLE]


class Claim(Body):
    lease_seconds: LeaseSeconds | None = Field(None, description=LEASE)
    busy_for: BusySeconds | None = Field(None, description=BUSY)


class ClaimNext(Body):
    column_id: Id | None = Field(None, description="Only cards of this column, not of all queue columns.")
    label: Id | Annotated[str, Field(min_length=1, max_length=LABEL_LENGTH), STORABLE] | None = Field(
        None, description="Only cards with this label, by its name or id."
    )
    lease_seconds: LeaseSeconds | None = Field(None, description=LEASE)
    busy_for: BusySeconds | None = Field(None, description=BUSY)


class Renew(Body):
    lease_seconds: LeaseSeconds | None = Field(None, description=LEASE.replace("300", "as before"))
    busy_for: BusySeconds | None = Field(None, description=BUSY)


class Pause(Body):
    reason: Reason = Field("", description="The agent is told so with each refusal.")


class PauseAgent(Pause):
    name: AgentName


class ResumeAgent(Body):
    name: AgentName


class UndoAgent(Body):
    name: AgentName
    since: Annotated[int, Field(ge=0, le=LARGEST_ID)] = Field(
        description="The sequence after which the agent's changes are undone."
    )


class BatchStep(Body):
    command: Annotated[str, Field(min_length=1, max_length=60)] = Field(description="A command's name.")
    args: dict[str, Any] = Field(
        default={}, description="What the command acts on and its body's fields, as in a socket's command frame."
    )
    fence: Fence | None = Field(None, description="As the header X-Fence, for this step.")


Steps = Annotated[list[BatchStep], Field(min_length=1, max_length=BATCH_MOST)]


class Batch(Body):
    steps: Steps


class BatchList(RootModel[Steps]):
    """Commands that are carried out in order in one transaction: all of them, or none."""

    @property
    def steps(self) -> list[BatchStep]:
        return self.root
