"""Duties that are offered after a bad night."""

import sqlalchemy as sa
from alembic import op

from storage.models import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "rest_offer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("to_person", sa.String(), nullable=False),
        sa.Column("begins", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("work_seconds", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime()),
        sa.Column("answer", sa.String()),
        sa.Column("answered_by", sa.String()),
        sa.Column("answered_by_name", sa.String()),
        sa.Column("answered_at", UtcDateTime()),
    )
    columns = ["schedule", "day", "person"]
    op.create_index("ix_rest_offer_schedule_day_person", "rest_offer", columns, unique=True)
    op.create_index("ix_rest_offer_ends", "rest_offer", ["ends"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("rest_offer")
