"""Runs the migrations on the connection it is given, within the caller's transaction."""

from alembic import context
from sqlmodel import SQLModel

import storage.models  # noqa: F401, makes the tables known
import storage.oncall_models  # noqa: F401
import storage.page_models  # noqa: F401
import storage.rest_models  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
