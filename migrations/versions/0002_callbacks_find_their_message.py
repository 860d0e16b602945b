"""Callbacks find their message by Twilio's sid without reading the whole outbox.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbound_sms_reference", "outbound_sms", ["reference"])


def downgrade() -> None:
    op.drop_index("ix_outbound_sms_reference", "outbound_sms")
