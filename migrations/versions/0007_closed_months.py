"""Closed months and their days; indexes by which words about days are found.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from store.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_closing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("deadline", sa.Date),
        sa.Column("warned_at", UtcDateTime),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("closed_by", sa.String(80)),
        sa.Column("countersigned_at", UtcDateTime),
        sa.Column("countersigned_by", sa.String(80)),
        sa.UniqueConstraint("unit_id", "month"),
        sa.CheckConstraint("countersigned_at IS NULL OR closed_at IS NOT NULL", name="in_order"),
    )
    op.create_table(
        "closed_day",
        sa.Column("closing_id", sa.Integer, sa.ForeignKey("month_closing.id"), primary_key=True),
        sa.Column("employee_id", sa.Integer, sa.ForeignKey("employee.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(16)),
        sa.Column("first_in", UtcDateTime),
        sa.Column("last_out", UtcDateTime),
        sa.Column("late_minutes", sa.Integer, nullable=False),
        sa.Column("early_minutes", sa.Integer, nullable=False),
        sa.Column("missing_in", sa.Boolean, nullable=False),
        sa.Column("missing_out", sa.Boolean, nullable=False),
        sa.Column("excuse", sa.String(8)),
        sa.Column("provisional", sa.Boolean, nullable=False),
    )
    op.create_index("ix_closed_day_employee_id_day", "closed_day", ["employee_id", "day"])
    op.create_index(
        "ix_inbound_sms_unread", "inbound_sms", ["outcome", "handled_at", "sent_at"]
    )
    op.create_index("ix_draft_about_to", "draft", ["about_to"])


def downgrade() -> None:
    op.drop_index("ix_draft_about_to", "draft")
    op.drop_index("ix_inbound_sms_unread", "inbound_sms")
    op.drop_table("closed_day")
    op.drop_table("month_closing")
