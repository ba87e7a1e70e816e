"""What may be asked of labels."""

from pydantic import Field

from app.doors.bodies.fields import Body, Changes, LabelName, unchanged
from models.vocabulary import LabelColour


class CreateLabel(Body):
    name: LabelName
    colour: LabelColour = LabelColour.GRAY


class UpdateLabel(Changes):
    name: LabelName = Field(default_factory=unchanged)
    colour: LabelColour = Field(default_factory=unchanged)
