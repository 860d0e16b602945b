"""per-part state, delivery reports, doubts that end, what a SIM card may send

Revision ID: 0003
Revises: 0002
"""

from alembic import op
import sqlalchemy as sa

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table('sim') as table:
        table.add_column(sa.Column('kept_for_answers', sa.Integer(), nullable=False, server_default='30'))
        table.add_column(sa.Column('time_zone', sa.String(length=40), nullable=False, server_default='Asia/Makassar'))
        table.add_column(sa.Column('paced_until', MOMENT, nullable=True))
    with op.batch_alter_table('outbound_sms') as table:
        table.add_column(sa.Column('parts_left', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('home_route', sa.String(length=32), nullable=True))
        table.add_column(sa.Column('any_hour', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column('repeat_of', sa.Integer(), nullable=True))
        table.add_column(sa.Column('cleared_at', MOMENT, nullable=True))
        table.add_column(sa.Column('cleared_by', sa.String(length=80), nullable=True))
        table.create_foreign_key('fk_outbound_sms_repeat_of_outbound_sms', 'outbound_sms', ['repeat_of'], ['id'])
        table.create_index('ix_outbound_sms_route_submitted_at', ['route', 'submitted_at'])
    op.create_table('outbound_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outbound_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('route', sa.String(length=32), nullable=False),
    sa.Column('reference', sa.Integer(), nullable=False),
    sa.Column('sent_at', MOMENT, nullable=False),
    sa.Column('receipt', sa.String(length=24), nullable=True),
    sa.Column('receipt_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['outbound_id'], ['outbound_sms.id'], name=op.f('fk_outbound_part_outbound_id_outbound_sms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbound_part')),
    sa.UniqueConstraint('outbound_id', 'place', name=op.f('uq_outbound_part_outbound_id_place'))
    )
    op.create_index('ix_outbound_part_reference', 'outbound_part', ['route', 'reference', 'sent_at'])
    op.create_table('delivery_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('route', sa.String(length=32), nullable=False),
    sa.Column('reference', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('sent_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('received_at', MOMENT, nullable=False),
    sa.Column('outbound_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['outbound_id'], ['outbound_sms.id'], name=op.f('fk_delivery_report_outbound_id_outbound_sms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_report')),
    sa.UniqueConstraint('route', 'reference', 'number', 'sent_at', 'status', name=op.f('uq_delivery_report_route_reference_number_sent_at_status'))
    )


def downgrade() -> None:
    op.drop_table('delivery_report')
    op.drop_index('ix_outbound_part_reference', 'outbound_part')
    op.drop_table('outbound_part')
    with op.batch_alter_table('outbound_sms') as table:
        table.drop_index('ix_outbound_sms_route_submitted_at')
        table.drop_constraint('fk_outbound_sms_repeat_of_outbound_sms', type_='foreignkey')
        for name in ('cleared_by', 'cleared_at', 'repeat_of', 'any_hour', 'home_route', 'parts_left'):
            table.drop_column(name)
    with op.batch_alter_table('sim') as table:
        for name in ('paced_until', 'time_zone', 'kept_for_answers'):
            table.drop_column(name)
