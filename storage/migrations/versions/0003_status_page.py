"""What the public was told."""

import sqlalchemy as sa
from alembic import op

from storage.models import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "public_incident",
        sa.Column("incident_id", sa.String(), primary_key=True),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("component", sa.String()),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime()),
    )
    op.create_index("ix_public_incident_public_id", "public_incident", ["public_id"], unique=True)
    op.create_index("ix_public_incident_started_at", "public_incident", ["started_at", "public_id"])
    op.create_index("ix_public_incident_resolved_at", "public_incident", ["resolved_at"])
    op.create_table(
        "public_update",
        sa.Column("incident_id", sa.String(), sa.ForeignKey("public_incident.incident_id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("component_state", sa.String()),
        sa.Column("at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("public_update")
    op.drop_table("public_incident")
