"""Days that may have something to say are found by an index, not by looking at all of them.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attendance_day", sa.Column("notices_at", sa.DateTime(timezone=True), nullable=True)
    )
    only_set = sa.text("notices_at IS NOT NULL")
    op.create_index(
        "ix_attendance_day_notices_at", "attendance_day", ["notices_at"],
        sqlite_where=only_set, postgresql_where=only_set,
    )
    op.create_index("ix_notice_employee_id_day", "notice", ["employee_id", "day"])
    # once everything is looked at of which something may be due
    op.execute(
        "UPDATE attendance_day SET notices_at = as_of WHERE status = 'absent' OR"
        " (status = 'awaiting_data' AND NOT final) OR EXISTS (SELECT 1 FROM notice WHERE"
        " notice.employee_id = attendance_day.employee_id AND notice.day = attendance_day.day)"
    )


def downgrade() -> None:
    op.drop_index("ix_notice_employee_id_day", "notice")
    op.drop_index("ix_attendance_day_notices_at", "attendance_day")
    with op.batch_alter_table("attendance_day") as table:
        table.drop_column("notices_at")
