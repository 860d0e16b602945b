"""Runs migrations on the engine that store.migrate hands over."""

from alembic import context
from sqlalchemy import text

from store.tables import Base

LOCK = 0x48414449  # 'HADI': two releases at once must not migrate at once

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    is_sqlite = engine.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.commit()
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if not is_sqlite:
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
        connection.commit()
