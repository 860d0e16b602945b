"""drafts of shift rosters, and swaps that wait for a second account

Revision ID: 0008
Revises: 0007
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('roster_draft',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('letters', JSON, nullable=False),
    sa.Column('edited_by', sa.String(length=80), nullable=False),
    sa.Column('edited_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_roster_draft_unit_id_unit')),
    sa.PrimaryKeyConstraint('unit_id', 'month', name=op.f('pk_roster_draft'))
    )
    op.create_table('shift_swap',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('one_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('letters', JSON, nullable=False),
    sa.Column('why', sa.String(length=200), nullable=False),
    sa.Column('proposed_by', sa.String(length=80), nullable=False),
    sa.Column('proposer_id', sa.Integer(), nullable=True),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('ended_by', sa.String(length=80), nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=True),
    sa.CheckConstraint('one_id <> other_id', name=op.f('ck_shift_swap_two_people')),
    sa.CheckConstraint('(ended_at IS NULL) = (outcome IS NULL)', name=op.f('ck_shift_swap_ended_with_outcome')),
    sa.ForeignKeyConstraint(['one_id'], ['employee.id'], name=op.f('fk_shift_swap_one_id_employee')),
    sa.ForeignKeyConstraint(['other_id'], ['employee.id'], name=op.f('fk_shift_swap_other_id_employee')),
    sa.ForeignKeyConstraint(['proposer_id'], ['employee.id'], name=op.f('fk_shift_swap_proposer_id_employee')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_shift_swap_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift_swap'))
    )
    with op.batch_alter_table('shift_swap', schema=None) as batch_op:
        batch_op.create_index('ix_shift_swap_unit_id_ended_at', ['unit_id', 'ended_at'], unique=False)


def downgrade() -> None:
    op.drop_table('shift_swap')
    op.drop_table('roster_draft')
