"""Labels, checklists, links, claims, approvals, gates, paused agents, webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)
RANK = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("board", sa.Column("paused", sa.Text, nullable=False, server_default="[]"))
    op.add_column("board_column", sa.Column("requires", sa.String(100), nullable=False, server_default=sa.text("''")))
    op.add_column("card", sa.Column("due_at", TIME))
    op.add_column("card", sa.Column("estimate", sa.Float))
    op.add_column("card", sa.Column("progress_percent", sa.Integer))
    op.add_column("card", sa.Column("progress_text", sa.String(200)))
    op.add_column("card", sa.Column("fence", sa.Integer, nullable=False, server_default="0"))
    op.add_column("card", sa.Column("worker", sa.String(60)))
    op.add_column("card", sa.Column("approved_by", sa.String(60)))
    op.add_column("card", sa.Column("approved_at", TIME))
    op.create_table(
        "label",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("colour", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_label_board_id_board", ondelete="CASCADE"),
        sa.UniqueConstraint("board_id", "name", name="uq_label_board_id_name"),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    op.create_table(
        "card_label",
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("label_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("card_id", "label_id", name="pk_card_label"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_card_label_card_id_card", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name="fk_card_label_label_id_label", ondelete="CASCADE"),
    )
    op.create_index("ix_card_label_label_id", "card_label", ["label_id"])
    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("rank", RANK, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checklist_item"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_checklist_item_card_id_card", ondelete="CASCADE"),
        sa.UniqueConstraint("card_id", "rank", name="uq_checklist_item_card_id_rank"),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    op.create_table(
        "link",
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("blocker_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("card_id", "blocker_id", name="pk_link"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_link_card_id_card", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["blocker_id"], ["card.id"], name="fk_link_blocker_id_card", ondelete="CASCADE"),
    )
    op.create_index("ix_link_blocker_id", "link", ["blocker_id"])
    op.create_table(
        "claim",
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("lease_seconds", sa.Integer, nullable=False),
        sa.Column("claimed_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("kept_until", TIME, nullable=False),
        sa.Column("busy_until", TIME),
        sa.PrimaryKeyConstraint("card_id", name="pk_claim"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_claim_card_id_card", ondelete="CASCADE"),
    )
    op.create_index("ix_claim_kept_until", "claim", ["kept_until"])
    op.create_index("ix_claim_holder", "claim", ["holder"])
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("cursor", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(60), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("failing_since", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_webhook_board_id_board", ondelete="CASCADE"),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    op.create_index("ix_webhook_board_id", "webhook", ["board_id"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("webhook_id", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("event", sa.String(30), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("next_attempt_at", TIME),
        sa.Column("status_code", sa.Integer),
        sa.Column("error", sa.String(300)),
        sa.Column("duration_ms", sa.Integer),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name="fk_webhook_delivery_webhook_id_webhook", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,  # an id is never given twice
    )
    op.create_index("ix_webhook_delivery_webhook_id", "webhook_delivery", ["webhook_id", "id"])
    op.create_index("ix_webhook_delivery_state", "webhook_delivery", ["state", "webhook_id", "sequence"])
