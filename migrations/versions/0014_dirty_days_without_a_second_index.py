"""Dirty days are found by whom they are of; a claim no longer rewrites a second index.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_dirty_day_claimed_until", "dirty_day")


def downgrade() -> None:
    op.create_index("ix_dirty_day_claimed_until", "dirty_day", ["claimed_until"])
