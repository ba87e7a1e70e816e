"""All tables, imported, so that `SQLModel.metadata` is whole."""

from models.activity import Activity
from models.board import Board
from models.card import Card
from models.column import BoardColumn
from models.comment import Comment
from models.receipt import Receipt

TABLES = (Board, BoardColumn, Card, Comment, Activity, Receipt)
