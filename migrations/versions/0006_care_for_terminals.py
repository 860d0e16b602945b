"""commands, tickets, outages, clock corrections and clearings of terminals

Revision ID: 0006
Revises: 0005
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clock_correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('local_from', sa.String(length=19), nullable=False),
    sa.Column('local_to', sa.String(length=19), nullable=False),
    sa.Column('seconds_ahead', sa.Integer(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('corrected_by', sa.String(length=80), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_clock_correction_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_correction'))
    )
    op.create_index('ix_clock_correction_terminal_id', 'clock_correction', ['terminal_id'], unique=False)
    op.create_table('terminal_command',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('wire_id', sa.String(length=16), nullable=False),
    sa.Column('purpose', sa.String(length=24), nullable=False),
    sa.Column('command', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=80), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('times_sent', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_terminal_command_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terminal_command')),
    sa.UniqueConstraint('wire_id', name=op.f('uq_terminal_command_wire_id'))
    )
    op.create_index('ix_terminal_command_open', 'terminal_command', ['terminal_id', 'answered_at'], unique=False)
    op.create_table('terminal_outage',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('declared_by', sa.String(length=80), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by', sa.String(length=80), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_terminal_outage_terminal_id_terminal')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_terminal_outage_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terminal_outage'))
    )
    op.create_index('ix_terminal_outage_unit_id_first_day', 'terminal_outage', ['unit_id', 'first_day'], unique=False)
    op.create_table('terminal_ticket',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('open_key', sa.String(length=60), nullable=True),
    sa.Column('terminal_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.String(length=80), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=80), nullable=True),
    sa.Column('why_closed', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_terminal_ticket_terminal_id_terminal')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_terminal_ticket_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terminal_ticket')),
    sa.UniqueConstraint('open_key', name=op.f('uq_terminal_ticket_open_key'))
    )
    op.create_index(op.f('ix_terminal_ticket_terminal_id'), 'terminal_ticket', ['terminal_id'], unique=False)
    op.create_index('ix_terminal_ticket_unit_id_opened_at', 'terminal_ticket', ['unit_id', 'opened_at'], unique=False)
    op.create_table('log_clearing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.String(length=80), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('raw_read_id', sa.Integer(), nullable=False),
    sa.Column('records', sa.Integer(), nullable=False),
    sa.Column('done_by', sa.String(length=80), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=24), nullable=True),
    sa.Column('records_after', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['raw_read_id'], ['raw_read.id'], name=op.f('fk_log_clearing_raw_read_id_raw_read')),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_log_clearing_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_clearing'))
    )
    op.create_index('ix_log_clearing_terminal_id', 'log_clearing', ['terminal_id'], unique=False)
    op.add_column('terminal', sa.Column('networks', sa.String(length=200), nullable=True))
    op.add_column('terminal', sa.Column('last_address', sa.String(length=45), nullable=True))
    op.add_column('terminal', sa.Column('address_before', sa.String(length=45), nullable=True))
    op.add_column('terminal', sa.Column('address_changed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('terminal', sa.Column('replaces_id', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('terminal', 'replaces_id')
    op.drop_column('terminal', 'address_changed_at')
    op.drop_column('terminal', 'address_before')
    op.drop_column('terminal', 'last_address')
    op.drop_column('terminal', 'networks')
    op.drop_index('ix_log_clearing_terminal_id', table_name='log_clearing')
    op.drop_table('log_clearing')
    op.drop_index('ix_terminal_ticket_unit_id_opened_at', table_name='terminal_ticket')
    op.drop_index(op.f('ix_terminal_ticket_terminal_id'), table_name='terminal_ticket')
    op.drop_table('terminal_ticket')
    op.drop_index('ix_terminal_outage_unit_id_first_day', table_name='terminal_outage')
    op.drop_table('terminal_outage')
    op.drop_index('ix_terminal_command_open', table_name='terminal_command')
    op.drop_table('terminal_command')
    op.drop_index('ix_clock_correction_terminal_id', table_name='clock_correction')
    op.drop_table('clock_correction')
