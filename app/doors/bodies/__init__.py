"""What may be asked, as request models of their own: never a table model, and never a field that nobody knows.

REST bodies and the arguments of socket commands are the same models. They check shape, kind and length;
what the values mean on the board is for the commands to judge.
"""

from app.doors.bodies.agents import (
    Batch,
    BatchList,
    BatchStep,
    Claim,
    ClaimNext,
    Pause,
    PauseAgent,
    Renew,
    ResumeAgent,
    UndoAgent,
)
from app.doors.bodies.boards import (
    ColumnWish,
    CreateBoard,
    CreateColumn,
    DeleteColumn,
    MoveColumn,
    RenameBoard,
    UpdateColumn,
)
from app.doors.bodies.cards import (
    AddCheckItem,
    CreateCard,
    MoveCard,
    MoveCheckItem,
    ReportProgress,
    UpdateCard,
    UpdateCheckItem,
    WriteComment,
)
from app.doors.bodies.fields import (
    STORABLE,
    AgentName,
    Assignee,
    BoardHandle,
    Body,
    CardHandle,
    CommentText,
    Fence,
    Id,
    Markdown,
    Nothing,
    Title,
)
from app.doors.bodies.labels import CreateLabel, UpdateLabel

__all__ = [
    "STORABLE",
    "AddCheckItem",
    "AgentName",
    "Assignee",
    "Batch",
    "BatchList",
    "BatchStep",
    "BoardHandle",
    "Body",
    "CardHandle",
    "Claim",
    "ClaimNext",
    "ColumnWish",
    "CommentText",
    "CreateBoard",
    "CreateCard",
    "CreateColumn",
    "CreateLabel",
    "DeleteColumn",
    "Fence",
    "Id",
    "Markdown",
    "MoveCard",
    "MoveCheckItem",
    "MoveColumn",
    "Nothing",
    "Pause",
    "PauseAgent",
    "RenameBoard",
    "Renew",
    "ReportProgress",
    "ResumeAgent",
    "Title",
    "UndoAgent",
    "UpdateCard",
    "UpdateCheckItem",
    "UpdateColumn",
    "UpdateLabel",
    "WriteComment",
]
