"""Run by Alembic, inside the transaction that `app.store.migrate` opened."""

from alembic import context
from sqlmodel import SQLModel

import models.tables

assert models.tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()
