"""Overrides of on-call schedules."""

import sqlalchemy as sa
from alembic import op

from storage.models import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "oncall_override",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("begins", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_oncall_override_key", "oncall_override", ["key"], unique=True)
    op.create_index("ix_oncall_override_ends", "oncall_override", ["ends"])
    op.create_table(
        "oncall_cancellation",
        sa.Column(
            "override_id",
            sa.Integer(),
            sa.ForeignKey("oncall_override.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("oncall_cancellation")
    op.drop_table("oncall_override")
