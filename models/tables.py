"""All tables, imported, so that `SQLModel.metadata` is whole."""

from models.activity import Activity
from models.board import Board
from models.card import Card
from models.checklist import ChecklistItem
from models.claim import Claim
from models.column import BoardColumn
from models.comment import Comment
from models.label import CardLabel, Label
from models.link import Link
from models.receipt import Receipt
from models.webhook import Webhook, WebhookDelivery

TABLES = (
    Board,
    BoardColumn,
    Card,
    Comment,
    Label,
    CardLabel,
    ChecklistItem,
    Link,
    Claim,
    Activity,
    Receipt,
    Webhook,
    WebhookDelivery,
)
