"""The schema is what the models say, on both engines, up and down."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from store import migrate
from store.db import Database
from store.tables import Base


def test_models_and_migrations_describe_the_same_schema(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_migration_head() -> None:
    assert len(ScriptDirectory(str(migrate.MIGRATIONS)).get_heads()) == 1


def test_every_migration_can_be_taken_back(db: Database) -> None:
    migrate.downgrade(db, "base")
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate.upgrade(db, "training")
    assert migrate.is_current(db)


def test_the_mode_is_written_into_the_database_once(db: Database) -> None:
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT mode FROM install").scalars().all() == [
            "training"
        ]
