"""Scans whose clock was corrected are found by their instant, not among a person's whole past.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    corrected = sa.text("doubtful = 'corrected'")
    op.create_index(
        "ix_punch_corrected", "punch", ["employee_id", "at"],
        sqlite_where=corrected, postgresql_where=corrected,
    )


def downgrade() -> None:
    op.drop_index("ix_punch_corrected", "punch")
