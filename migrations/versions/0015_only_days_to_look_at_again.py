"""Only days that are to be looked at again stand in the index of them; most are final.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = "ix_attendance_day_next_look_at"


def upgrade() -> None:
    is_set = sa.text("next_look_at IS NOT NULL")
    op.drop_index(NAME, "attendance_day")
    op.create_index(
        NAME, "attendance_day", ["next_look_at"], sqlite_where=is_set, postgresql_where=is_set
    )


def downgrade() -> None:
    op.drop_index(NAME, "attendance_day")
    op.create_index(NAME, "attendance_day", ["next_look_at"])
