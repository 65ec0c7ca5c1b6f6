"""What Alembic runs to migrate: always inside the transaction of the connection that `Database` hands over."""

from alembic import context

from chatbot.storage.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
