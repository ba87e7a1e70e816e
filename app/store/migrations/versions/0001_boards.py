"""Boards, columns, cards, comments, activity, receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)
RANK = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(10), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("last_card_number", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("archived_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_board"),
        sa.UniqueConstraint("key", name="uq_board_key"),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    op.create_table(
        "board_column",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("wip_limit", sa.Integer),
        sa.Column("rank", RANK, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_board_column"),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_board_column_board_id_board", ondelete="CASCADE"),
        sa.UniqueConstraint("board_id", "rank", name="uq_board_column_board_id_rank"),
        sa.CheckConstraint("wip_limit >= 1", name=op.f("ck_board_column_wip_limit_positive")),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    op.create_table(
        "card",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("column_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("rank", RANK, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("acceptance_criteria", sa.Text, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("assignee", sa.String(60)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("column_entered_at", TIME, nullable=False),
        sa.Column("archived_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_card"),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_card_board_id_board", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["column_id"], ["board_column.id"], name="fk_card_column_id_board_column"),
        sa.UniqueConstraint("board_id", "number", name="uq_card_board_id_number"),
        sa.UniqueConstraint("column_id", "rank", name="uq_card_column_id_rank"),
        sa.CheckConstraint("length(title) >= 1", name=op.f("ck_card_title_not_empty")),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    live = sa.text("archived_at IS NULL")
    op.create_index("ix_card_live", "card", ["board_id", "column_id", "rank"], sqlite_where=live, postgresql_where=live)
    op.create_index("ix_card_assignee", "card", ["assignee", "id"])
    op.create_index("ix_card_priority", "card", ["priority", "id"])
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("author", sa.String(60), nullable=False),
        sa.Column("author_kind", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("edited_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_comment_card_id_card", ondelete="CASCADE"),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    op.create_index("ix_comment_card_id", "comment", ["card_id"])
    op.create_table(
        "activity",
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("verb", sa.String(30), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor_name", sa.String(60), nullable=False),
        sa.Column("actor_kind", sa.String(10), nullable=False),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("card_id", sa.Integer),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("board_id", "sequence", name="pk_activity"),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_activity_board_id_board", ondelete="CASCADE"),
    )
    op.create_index("ix_activity_card_id", "activity", ["card_id", "sequence"])
    op.create_table(
        "receipt",
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_receipt"),
    )
    op.create_index("ix_receipt_created_at", "receipt", ["created_at"])
