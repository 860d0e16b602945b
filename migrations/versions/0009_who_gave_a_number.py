"""Who gave a number, so that a second person can confirm a decider's.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("phone", sa.Column("proposed_by", sa.String(80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("phone") as table:
        table.drop_column("proposed_by")
