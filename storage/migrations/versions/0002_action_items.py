"""Action items."""

import sqlalchemy as sa
from alembic import op

from storage.models import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "action_item",
        sa.Column("incident_id", sa.String(), sa.ForeignKey("incident.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("reminded_at", UtcDateTime()),
        sa.Column("item", sa.JSON(), nullable=False),
    )
    op.create_index("ix_action_item_state_due_at", "action_item", ["state", "due_at"])
    op.create_index("ix_action_item_owner", "action_item", ["owner"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("action_item")
