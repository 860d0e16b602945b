"""the first schema

Revision ID: 0001
Revises: 
"""

from alembic import op
import sqlalchemy as sa
from alembic import context
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('employee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nip', sa.String(length=18), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('employment', sa.Enum('pns', 'cpns', 'pppk', 'pppk_part_time', name='employment', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('in_service_from', sa.Date(), nullable=False),
    sa.Column('in_service_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employee')),
    sa.UniqueConstraint('nip', name=op.f('uq_employee_nip'))
    )
    op.create_table('heartbeat',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeat'))
    )
    op.create_table('install',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mode', sa.String(length=12), nullable=False),
    sa.Column('installed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_install'))
    )
    op.create_table('last_run',
    sa.Column('job', sa.String(length=60), nullable=False),
    sa.Column('slot', sa.String(length=40), nullable=False),
    sa.Column('rung_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('held_by', sa.String(length=60), nullable=True),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('job', name=op.f('pk_last_run'))
    )
    op.create_table('sim',
    sa.Column('imsi', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('carrier', sa.String(length=40), nullable=True),
    sa.Column('daily_quota', sa.Integer(), nullable=False),
    sa.Column('parts_per_minute', sa.Integer(), nullable=False),
    sa.Column('modem', sa.String(length=60), nullable=True),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('imsi', name=op.f('pk_sim'))
    )
    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.Enum('province', 'agency', 'upt', 'hospital', 'school', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.Column('kasubag_label', sa.String(length=60), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_parent_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('code', name=op.f('uq_unit_code'))
    )
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_path'), ['path'], unique=False)

    op.create_table('work_pattern',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('is_shift', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_pattern')),
    sa.UniqueConstraint('code', name=op.f('uq_work_pattern_code'))
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('role', sa.Enum('operator', 'kasubag', 'pimpinan', 'bkd', 'technician', 'auditor', name='role', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('is_training', sa.Boolean(), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('failed_logins', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_account_employee_id_employee')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_account_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_employee_id'), ['employee_id'], unique=False)

    op.create_table('attendance_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=True),
    sa.Column('first_in', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_out', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_minutes', sa.Integer(), nullable=False),
    sa.Column('early_minutes', sa.Integer(), nullable=False),
    sa.Column('missing_in', sa.Boolean(), nullable=False),
    sa.Column('missing_out', sa.Boolean(), nullable=False),
    sa.Column('excuse', sa.String(length=8), nullable=True),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('final', sa.Boolean(), nullable=False),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('why', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_look_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_attendance_day_employee_id_employee')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_attendance_day_unit_id_unit')),
    sa.PrimaryKeyConstraint('day', 'employee_id', name=op.f('pk_attendance_day'))
    )
    with op.batch_alter_table('attendance_day', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_day_employee_id_day', ['employee_id', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_day_next_look_at'), ['next_look_at'], unique=False)
        batch_op.create_index('ix_attendance_day_unit_id_day', ['unit_id', 'day', 'status'], unique=False)

    op.create_table('calendar_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('holiday', 'collective_leave', 'wfa', 'school_break', 'ramadan', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('weekdays', sa.String(length=7), nullable=True),
    sa.Column('windows', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('last_day >= first_day', name=op.f('ck_calendar_entry_days_in_order')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_calendar_entry_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_entry')),
    sa.UniqueConstraint('kind', 'first_day', 'unit_id', 'name', name=op.f('uq_calendar_entry_kind_first_day_unit_id_name'))
    )
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.create_index('ix_calendar_entry_first_day', ['first_day', 'last_day'], unique=False)

    op.create_table('dirty_day',
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=24), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('marks', sa.Integer(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_dirty_day_employee_id_employee')),
    sa.PrimaryKeyConstraint('employee_id', 'day', name=op.f('pk_dirty_day'))
    )
    with op.batch_alter_table('dirty_day', schema=None) as batch_op:
        batch_op.create_index('ix_dirty_day_claimed_until', ['claimed_until'], unique=False)

    op.create_table('inbound_sms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('route', sa.String(length=32), nullable=False),
    sa.Column('sender', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_partial', sa.Boolean(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('processed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('meaning', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('about_from', sa.Date(), nullable=True),
    sa.Column('about_to', sa.Date(), nullable=True),
    sa.Column('handled_by', sa.String(length=80), nullable=True),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_inbound_sms_employee_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_sms'))
    )
    with op.batch_alter_table('inbound_sms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbound_sms_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index('ix_inbound_sms_number_sent_at', ['number', 'sent_at'], unique=False)
        batch_op.create_index('ix_inbound_sms_waiting', ['processed_at', 'claimed_until'], unique=False)

    op.create_table('log_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('acted_for', sa.String(length=80), nullable=True),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=24), nullable=False),
    sa.Column('subject_id', sa.String(length=60), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=True),
    sa.Column('seal_position', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_log_entry_employee_id_employee')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_log_entry_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_entry'))
    )
    with op.batch_alter_table('log_entry', schema=None) as batch_op:
        batch_op.create_index('ix_log_entry_employee_id_at', ['employee_id', 'at'], unique=False)
        batch_op.create_index('ix_log_entry_seal_position', ['seal_position'], unique=False)
        batch_op.create_index('ix_log_entry_subject', ['subject', 'subject_id'], unique=False)

    op.create_table('pattern_assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('pattern_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.CheckConstraint('(unit_id IS NULL) <> (employee_id IS NULL)', name=op.f('ck_pattern_assignment_unit_or_person')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_pattern_assignment_employee_id_employee')),
    sa.ForeignKeyConstraint(['pattern_id'], ['work_pattern.id'], name=op.f('fk_pattern_assignment_pattern_id_work_pattern')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_pattern_assignment_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pattern_assignment'))
    )
    with op.batch_alter_table('pattern_assignment', schema=None) as batch_op:
        batch_op.create_index('ix_pattern_assignment_employee_id', ['employee_id'], unique=False)
        batch_op.create_index('ix_pattern_assignment_unit_id', ['unit_id'], unique=False)

    op.create_table('phone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stop_reason', sa.String(length=40), nullable=True),
    sa.Column('alerts_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('home_route', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_phone_employee_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone')),
    sa.UniqueConstraint('number', 'employee_id', 'first_day', name=op.f('uq_phone_number_employee_id_first_day'))
    )
    with op.batch_alter_table('phone', schema=None) as batch_op:
        batch_op.create_index('ix_phone_employee_id', ['employee_id'], unique=False)

    op.create_table('post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.Enum('head', 'kasubag', 'operator', 'supervisor', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['parent_id'], ['post.id'], name=op.f('fk_post_parent_id_post')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_post_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('unit_id', 'code', name=op.f('uq_post_unit_id_code'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_unit_id'), ['unit_id'], unique=False)

    op.create_table('roster_day',
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('letter', sa.String(length=4), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_roster_day_employee_id_employee')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_roster_day_unit_id_unit')),
    sa.PrimaryKeyConstraint('employee_id', 'day', name=op.f('pk_roster_day'))
    )
    with op.batch_alter_table('roster_day', schema=None) as batch_op:
        batch_op.create_index('ix_roster_day_unit_id_day', ['unit_id', 'day'], unique=False)

    op.create_table('setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('value', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_setting_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting')),
    sa.UniqueConstraint('name', 'unit_id', 'first_day', name=op.f('uq_setting_name_unit_id_first_day'))
    )
    op.create_table('shift_kind',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('letter', sa.String(length=4), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('starts', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_shift_kind_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift_kind')),
    sa.UniqueConstraint('unit_id', 'letter', 'first_day', name=op.f('uq_shift_kind_unit_id_letter_first_day'))
    )
    op.create_table('terminal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('serial', sa.String(length=40), nullable=True),
    sa.Column('host', sa.String(length=45), nullable=True),
    sa.Column('port', sa.Integer(), nullable=False),
    sa.Column('comm_key', sa.Integer(), nullable=False),
    sa.Column('layout', sa.String(length=8), nullable=False),
    sa.Column('is_push', sa.Boolean(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('firmware', sa.String(length=60), nullable=True),
    sa.Column('next_pull_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_by', sa.String(length=60), nullable=True),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('complete_up_to', sa.DateTime(timezone=True), nullable=True),
    sa.Column('clock_offset', sa.Integer(), nullable=True),
    sa.Column('records_on_device', sa.Integer(), nullable=True),
    sa.Column('record_capacity', sa.Integer(), nullable=True),
    sa.Column('last_contact_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_full_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_terminal_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terminal')),
    sa.UniqueConstraint('name', name=op.f('uq_terminal_name')),
    sa.UniqueConstraint('serial', name=op.f('uq_terminal_serial'))
    )
    with op.batch_alter_table('terminal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_terminal_unit_id'), ['unit_id'], unique=False)

    op.create_table('unit_stage',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('stage', sa.Enum('pantau', 'uji', 'berlaku', name='stage', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_stage_unit_id_unit')),
    sa.PrimaryKeyConstraint('unit_id', 'first_day', name=op.f('pk_unit_stage'))
    )
    op.create_table('work_pattern_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pattern_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('in_ramadan', sa.Boolean(), nullable=False),
    sa.Column('spans', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['pattern_id'], ['work_pattern.id'], name=op.f('fk_work_pattern_version_pattern_id_work_pattern')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_pattern_version')),
    sa.UniqueConstraint('pattern_id', 'first_day', 'in_ramadan', name=op.f('uq_work_pattern_version_pattern_id_first_day_in_ramadan'))
    )
    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('reports_to_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.String(length=160), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.CheckConstraint('last_day IS NULL OR last_day >= first_day', name=op.f('ck_assignment_days_in_order')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_assignment_employee_id_employee')),
    sa.ForeignKeyConstraint(['reports_to_id'], ['post.id'], name=op.f('fk_assignment_reports_to_id_post')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_assignment_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index('ix_assignment_employee_id_first_day', ['employee_id', 'first_day'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_reports_to_id'), ['reports_to_id'], unique=False)
        batch_op.create_index('ix_assignment_unit_id_first_day', ['unit_id', 'first_day'], unique=False)

    op.create_table('draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('question', sa.String(length=32), nullable=False),
    sa.Column('fields', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('about_from', sa.Date(), nullable=True),
    sa.Column('about_to', sa.Date(), nullable=True),
    sa.Column('inbound_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=24), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_draft_employee_id_employee')),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound_sms.id'], name=op.f('fk_draft_inbound_id_inbound_sms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft'))
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index('ix_draft_employee_id_closed_at', ['employee_id', 'closed_at'], unique=False)

    op.create_table('inbound_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('route', sa.String(length=32), nullable=False),
    sa.Column('sender', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('raw', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('reference', sa.Integer(), nullable=True),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('number_in_total', sa.Integer(), nullable=False),
    sa.Column('inbound_id', sa.Integer(), nullable=True),
    sa.Column('quarantine', sa.String(length=160), nullable=True),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound_sms.id'], name=op.f('fk_inbound_part_inbound_id_inbound_sms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_part')),
    sa.UniqueConstraint('key', name=op.f('uq_inbound_part_key'))
    )
    with op.batch_alter_table('inbound_part', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbound_part_inbound_id'), ['inbound_id'], unique=False)
        batch_op.create_index('ix_inbound_part_joining', ['sender', 'reference', 'total'], unique=False)

    op.create_table('leave_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('annual', 'sick', 'maternity', 'important', 'long', 'unpaid', 'permission', 'late', 'early', 'out', 'duty', 'correction', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('status', sa.Enum('open', 'confirmed', 'refused', 'postponed', 'withdrawn', 'lapsed', name='status', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('waiting_for', sa.Enum('employee', 'supervisor', 'kasubag', 'operator', name='waiting_for', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('start_date', sa.Date(), nullable=False),
    sa.Column('start_half', sa.Enum('full', 'am', 'pm', name='start_half', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('end_date', sa.Date(), nullable=True),
    sa.Column('end_half', sa.Enum('full', 'am', 'pm', name='end_half', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('time_from', sa.Time(), nullable=True),
    sa.Column('time_to', sa.Time(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('correction', sa.String(length=24), nullable=True),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('inbound_id', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by', sa.String(length=80), nullable=False),
    sa.Column('told_by', sa.String(length=160), nullable=True),
    sa.Column('decider_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decision_note', sa.Text(), nullable=False),
    sa.Column('proposed', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('passed_on_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('letter_number', sa.String(length=80), nullable=True),
    sa.Column('place', sa.String(length=160), nullable=True),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'open') = (waiting_for IS NOT NULL)", name=op.f('ck_leave_case_open_waits_for_somebody')),
    sa.CheckConstraint("status NOT IN ('refused', 'postponed') OR decision_note <> ''", name=op.f('ck_leave_case_refusal_has_a_reason')),
    sa.CheckConstraint('end_date IS NULL OR end_date >= start_date', name=op.f('ck_leave_case_days_in_order')),
    sa.ForeignKeyConstraint(['decider_id'], ['employee.id'], name=op.f('fk_leave_case_decider_id_employee')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_leave_case_employee_id_employee')),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound_sms.id'], name=op.f('fk_leave_case_inbound_id_inbound_sms')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_leave_case_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leave_case'))
    )
    with op.batch_alter_table('leave_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leave_case_decider_id'), ['decider_id'], unique=False)
        batch_op.create_index('ix_leave_case_employee_id_start_date', ['employee_id', 'start_date', 'end_date'], unique=False)
        batch_op.create_index('ix_leave_case_queue', ['unit_id', 'status', 'waiting_for'], unique=False)

    op.create_table('post_holder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Enum('definitif', 'plt', 'plh', name='capacity', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.CheckConstraint('last_day IS NULL OR last_day >= first_day', name=op.f('ck_post_holder_days_in_order')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_post_holder_employee_id_employee')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_holder_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_holder'))
    )
    with op.batch_alter_table('post_holder', schema=None) as batch_op:
        batch_op.create_index('ix_post_holder_employee_id', ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_post_holder_post_id'), ['post_id'], unique=False)

    op.create_table('raw_read',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('layout', sa.String(length=12), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('first_index', sa.Integer(), nullable=False),
    sa.Column('records', sa.Integer(), nullable=True),
    sa.Column('device_time', sa.String(length=19), nullable=True),
    sa.Column('clock_offset', sa.Integer(), nullable=True),
    sa.Column('parsed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_raw_read_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_raw_read'))
    )
    with op.batch_alter_table('raw_read', schema=None) as batch_op:
        batch_op.create_index('ix_raw_read_terminal_id_received_at', ['terminal_id', 'received_at'], unique=False)
        batch_op.create_index('ix_raw_read_waiting', ['parsed_at'], unique=False)

    op.create_table('terminal_id',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('pin', sa.String(length=32), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_terminal_id_employee_id_employee')),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_terminal_id_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terminal_id')),
    sa.UniqueConstraint('terminal_id', 'pin', 'first_day', name=op.f('uq_terminal_id_terminal_id_pin_first_day'))
    )
    with op.batch_alter_table('terminal_id', schema=None) as batch_op:
        batch_op.create_index('ix_terminal_id_employee_id', ['employee_id'], unique=False)

    op.create_table('outbound_sms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dedupe_key', sa.String(length=120), nullable=True),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('message_class', sa.Enum('receipt', 'question', 'teaching', 'approval_request', 'echo', 'outcome', 'queue_notice', 'stranger', 'cutoff_question', 'morning_list', 'absence_alert', 'correction', 'duty_notice', 'technical', 'bulk', name='message_class', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('lane', sa.Integer(), nullable=False),
    sa.Column('wants_answer', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('queued', 'claimed', 'submitting', 'sent', 'retry', 'failed', 'unknown', 'died', 'withheld', name='state', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('route', sa.String(length=32), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dies_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_by', sa.String(length=60), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reference', sa.String(length=64), nullable=True),
    sa.Column('receipt', sa.String(length=24), nullable=True),
    sa.Column('receipt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('inbound_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['leave_case.id'], name=op.f('fk_outbound_sms_case_id_leave_case')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_outbound_sms_employee_id_employee')),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound_sms.id'], name=op.f('fk_outbound_sms_inbound_id_inbound_sms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbound_sms')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_outbound_sms_dedupe_key'))
    )
    with op.batch_alter_table('outbound_sms', schema=None) as batch_op:
        batch_op.create_index('ix_outbound_sms_case_id', ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbound_sms_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbound_sms_inbound_id'), ['inbound_id'], unique=False)
        batch_op.create_index('ix_outbound_sms_leaving', ['state', 'lane', 'not_before', 'id'], unique=False)
        batch_op.create_index('ix_outbound_sms_number_created_at', ['number', 'created_at'], unique=False)

    op.create_table('punch',
    sa.Column('local_date', sa.Date(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('pin', sa.String(length=32), nullable=False),
    sa.Column('local', sa.String(length=19), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('punch', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('raw_read_id', sa.Integer(), nullable=True),
    sa.Column('doubtful', sa.String(length=24), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_punch_employee_id_employee')),
    sa.ForeignKeyConstraint(['raw_read_id'], ['raw_read.id'], name=op.f('fk_punch_raw_read_id_raw_read')),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_punch_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('local_date', 'terminal_id', 'pin', 'local', name=op.f('pk_punch'))
    )
    with op.batch_alter_table('punch', schema=None) as batch_op:
        batch_op.create_index('ix_punch_employee_id_local_date', ['employee_id', 'local_date'], unique=False)
        batch_op.create_index('ix_punch_terminal_id_local', ['terminal_id', 'local'], unique=False)

    op.create_table('quarantined_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('raw_read_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('record', sa.LargeBinary(), nullable=False),
    sa.Column('pin', sa.String(length=64), nullable=True),
    sa.Column('local', sa.String(length=24), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['raw_read_id'], ['raw_read.id'], name=op.f('fk_quarantined_row_raw_read_id_raw_read')),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_quarantined_row_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantined_row')),
    sa.UniqueConstraint('terminal_id', 'digest', name=op.f('uq_quarantined_row_terminal_id_digest'))
    )
    op.create_table('reply_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Enum('decide', 'undo', 'accept_change', 'confirm_draft', name='purpose', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rests_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['leave_case.id'], name=op.f('fk_reply_code_case_id_leave_case')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_reply_code_employee_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_code'))
    )
    with op.batch_alter_table('reply_code', schema=None) as batch_op:
        batch_op.create_index('ix_reply_code_case_id', ['case_id'], unique=False)
        batch_op.create_index('ix_reply_code_person', ['employee_id', 'code'], unique=False)

    op.create_table('terminal_contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terminal_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('ok', sa.Boolean(), nullable=False),
    sa.Column('problem_code', sa.String(length=40), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('clock_offset', sa.Integer(), nullable=True),
    sa.Column('records_on_device', sa.Integer(), nullable=True),
    sa.Column('records_read', sa.Integer(), nullable=True),
    sa.Column('new_punches', sa.Integer(), nullable=True),
    sa.Column('complete_up_to', sa.DateTime(timezone=True), nullable=True),
    sa.Column('raw_read_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['raw_read_id'], ['raw_read.id'], name=op.f('fk_terminal_contact_raw_read_id_raw_read')),
    sa.ForeignKeyConstraint(['terminal_id'], ['terminal.id'], name=op.f('fk_terminal_contact_terminal_id_terminal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terminal_contact'))
    )
    with op.batch_alter_table('terminal_contact', schema=None) as batch_op:
        batch_op.create_index('ix_terminal_contact_terminal_id_at', ['terminal_id', 'at'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('receipt', 'question', 'teaching', 'approval_request', 'echo', 'outcome', 'queue_notice', 'stranger', 'cutoff_question', 'morning_list', 'absence_alert', 'correction', 'duty_notice', 'technical', 'bulk', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('outbound_id', sa.Integer(), nullable=True),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('said', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_notice_employee_id_employee')),
    sa.ForeignKeyConstraint(['outbound_id'], ['outbound_sms.id'], name=op.f('fk_notice_outbound_id_outbound_sms')),
    sa.ForeignKeyConstraint(['recipient_id'], ['employee.id'], name=op.f('fk_notice_recipient_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('kind', 'employee_id', 'day', 'recipient_id', 'revision', name=op.f('uq_notice_kind_employee_id_day_recipient_id_revision'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_day', ['day'], unique=False)
        batch_op.create_index('ix_notice_recipient_id_day', ['recipient_id', 'day'], unique=False)

    op.create_table('twilio_callback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sid', sa.String(length=40), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('error_code', sa.String(length=12), nullable=False),
    sa.Column('outbound_id', sa.Integer(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['outbound_id'], ['outbound_sms.id'], name=op.f('fk_twilio_callback_outbound_id_outbound_sms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_twilio_callback')),
    sa.UniqueConstraint('sid', 'status', 'error_code', name=op.f('uq_twilio_callback_sid_status_error_code'))
    )
    with op.batch_alter_table('twilio_callback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_twilio_callback_sid'), ['sid'], unique=False)

    _write_the_mode()


def downgrade() -> None:
    with op.batch_alter_table('twilio_callback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_twilio_callback_sid'))

    op.drop_table('twilio_callback')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_recipient_id_day')
        batch_op.drop_index('ix_notice_day')

    op.drop_table('notice')
    with op.batch_alter_table('terminal_contact', schema=None) as batch_op:
        batch_op.drop_index('ix_terminal_contact_terminal_id_at')

    op.drop_table('terminal_contact')
    with op.batch_alter_table('reply_code', schema=None) as batch_op:
        batch_op.drop_index('ix_reply_code_person')
        batch_op.drop_index('ix_reply_code_case_id')

    op.drop_table('reply_code')
    op.drop_table('quarantined_row')
    with op.batch_alter_table('punch', schema=None) as batch_op:
        batch_op.drop_index('ix_punch_terminal_id_local')
        batch_op.drop_index('ix_punch_employee_id_local_date')

    op.drop_table('punch')
    with op.batch_alter_table('outbound_sms', schema=None) as batch_op:
        batch_op.drop_index('ix_outbound_sms_number_created_at')
        batch_op.drop_index('ix_outbound_sms_leaving')
        batch_op.drop_index(batch_op.f('ix_outbound_sms_inbound_id'))
        batch_op.drop_index(batch_op.f('ix_outbound_sms_employee_id'))
        batch_op.drop_index('ix_outbound_sms_case_id')

    op.drop_table('outbound_sms')
    with op.batch_alter_table('terminal_id', schema=None) as batch_op:
        batch_op.drop_index('ix_terminal_id_employee_id')

    op.drop_table('terminal_id')
    with op.batch_alter_table('raw_read', schema=None) as batch_op:
        batch_op.drop_index('ix_raw_read_waiting')
        batch_op.drop_index('ix_raw_read_terminal_id_received_at')

    op.drop_table('raw_read')
    with op.batch_alter_table('post_holder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_holder_post_id'))
        batch_op.drop_index('ix_post_holder_employee_id')

    op.drop_table('post_holder')
    with op.batch_alter_table('leave_case', schema=None) as batch_op:
        batch_op.drop_index('ix_leave_case_queue')
        batch_op.drop_index('ix_leave_case_employee_id_start_date')
        batch_op.drop_index(batch_op.f('ix_leave_case_decider_id'))

    op.drop_table('leave_case')
    with op.batch_alter_table('inbound_part', schema=None) as batch_op:
        batch_op.drop_index('ix_inbound_part_joining')
        batch_op.drop_index(batch_op.f('ix_inbound_part_inbound_id'))

    op.drop_table('inbound_part')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_index('ix_draft_employee_id_closed_at')

    op.drop_table('draft')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_assignment_unit_id_first_day')
        batch_op.drop_index(batch_op.f('ix_assignment_reports_to_id'))
        batch_op.drop_index('ix_assignment_employee_id_first_day')

    op.drop_table('assignment')
    op.drop_table('work_pattern_version')
    op.drop_table('unit_stage')
    with op.batch_alter_table('terminal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_terminal_unit_id'))

    op.drop_table('terminal')
    op.drop_table('shift_kind')
    op.drop_table('setting')
    with op.batch_alter_table('roster_day', schema=None) as batch_op:
        batch_op.drop_index('ix_roster_day_unit_id_day')

    op.drop_table('roster_day')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_unit_id'))

    op.drop_table('post')
    with op.batch_alter_table('phone', schema=None) as batch_op:
        batch_op.drop_index('ix_phone_employee_id')

    op.drop_table('phone')
    with op.batch_alter_table('pattern_assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_pattern_assignment_unit_id')
        batch_op.drop_index('ix_pattern_assignment_employee_id')

    op.drop_table('pattern_assignment')
    with op.batch_alter_table('log_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_log_entry_subject')
        batch_op.drop_index('ix_log_entry_seal_position')
        batch_op.drop_index('ix_log_entry_employee_id_at')

    op.drop_table('log_entry')
    with op.batch_alter_table('inbound_sms', schema=None) as batch_op:
        batch_op.drop_index('ix_inbound_sms_waiting')
        batch_op.drop_index('ix_inbound_sms_number_sent_at')
        batch_op.drop_index(batch_op.f('ix_inbound_sms_employee_id'))

    op.drop_table('inbound_sms')
    with op.batch_alter_table('dirty_day', schema=None) as batch_op:
        batch_op.drop_index('ix_dirty_day_claimed_until')

    op.drop_table('dirty_day')
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_calendar_entry_first_day')

    op.drop_table('calendar_entry')
    with op.batch_alter_table('attendance_day', schema=None) as batch_op:
        batch_op.drop_index('ix_attendance_day_unit_id_day')
        batch_op.drop_index(batch_op.f('ix_attendance_day_next_look_at'))
        batch_op.drop_index('ix_attendance_day_employee_id_day')

    op.drop_table('attendance_day')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_employee_id'))

    op.drop_table('account')
    op.drop_table('work_pattern')
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unit_path'))

    op.drop_table('unit')
    op.drop_table('sim')
    op.drop_table('last_run')
    op.drop_table('install')
    op.drop_table('heartbeat')
    op.drop_table('employee')


def _write_the_mode() -> None:
    """This installation's mode, for good: settings that disagree stop every door."""
    mode = context.config.attributes.get("mode")
    if mode is None:
        return
    op.execute(
        sa.text(
            "INSERT INTO install (id, mode, installed_at, first_day)"
            " VALUES (1, :mode, CURRENT_TIMESTAMP, CURRENT_DATE)"
        ).bindparams(mode=mode)
    )
