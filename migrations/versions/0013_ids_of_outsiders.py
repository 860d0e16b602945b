"""IDs at terminals that belong to people outside the service.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outsider_id",
        sa.Column("terminal_id", sa.Integer(), sa.ForeignKey("terminal.id"), primary_key=True),
        sa.Column("pin", sa.String(32), primary_key=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(80), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("outsider_id")
