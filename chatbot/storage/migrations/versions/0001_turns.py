"""Counts of turns, questions that were not answered well, thumbs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "turn_counts",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("kind", sa.String(60), primary_key=True),
        sa.Column("tier", sa.String(60), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "intent_counts",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("intent", sa.String(60), primary_key=True),
        sa.Column("kind", sa.String(60), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("intent", sa.String(60)),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(60), server_default="new", nullable=False),
        sa.UniqueConstraint("reason", "digest", name="questions_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("questions_by_age", "questions", ["last_seen"])
    op.create_table(
        "votes",
        sa.Column("turn", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("intent", sa.String(60)),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.Column("question", sa.Integer(), sa.ForeignKey("questions.id", ondelete="SET NULL")),
    )
    op.create_index("votes_by_day", "votes", ["day"])
    op.create_index("ix_votes_question", "votes", ["question"])


def downgrade() -> None:
    """Remove them."""
    for table in ("votes", "questions", "intent_counts", "turn_counts"):
        op.drop_table(table)
