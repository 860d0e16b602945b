"""IDs as the roster gives them, for terminals that are there and those that come

Revision ID: 0005
Revises: 0004
"""

from alembic import op
import sqlalchemy as sa

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('roster_id',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('pin', sa.String(length=32), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('terminal_name', sa.String(length=60), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.CheckConstraint('(unit_id IS NULL) <> (terminal_name IS NULL)', name=op.f('ck_roster_id_unit_or_terminal')),
    sa.CheckConstraint('last_day IS NULL OR last_day >= first_day', name=op.f('ck_roster_id_days_in_order')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_roster_id_employee_id_employee')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_roster_id_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_id'))
    )
    with op.batch_alter_table('roster_id', schema=None) as batch_op:
        batch_op.create_index('ix_roster_id_employee_id', ['employee_id'], unique=False)
        batch_op.create_index('ix_roster_id_unit_id', ['unit_id'], unique=False)
        batch_op.create_index('ix_roster_id_terminal_name', ['terminal_name'], unique=False)


def downgrade() -> None:
    op.drop_table('roster_id')
