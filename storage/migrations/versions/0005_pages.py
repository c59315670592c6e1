"""Pages of the last day."""

import sqlalchemy as sa
from alembic import op

from storage.models import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("rings_until", UtcDateTime()),
        sa.Column("result", sa.String()),
        sa.Column("carrier_id", sa.String()),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("over_at", UtcDateTime()),
        sa.Column("rides_on", sa.Integer()),
        sa.Column("message_left", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_page_attempt", "page", ["incident_id", "run", "attempt"], unique=True)
    op.create_index("ix_page_number_requested_at", "page", ["number", "requested_at"])
    op.create_index("ix_page_requested_at", "page", ["requested_at"])
    op.create_index("ix_page_rides_on", "page", ["rides_on"])
    op.create_index("ix_page_carrier_id", "page", ["carrier_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("page")
