"""Runs the migrations on the connection it is given, within the caller's transaction."""

from alembic import context
from sqlmodel import SQLModel

import storage.models
import storage.oncall_models
import storage.page_models
import storage.rest_models  # noqa: F401, all of these make tables known

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
