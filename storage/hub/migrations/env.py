"""Alembic's door: runs the revisions on the connection that ``storage.hub.schema`` hands over."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
owner = context.config.attributes["roles"]["owner"]
connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS clerk AUTHORIZATION "{owner}"'))
context.configure(connection=connection, version_table_schema="clerk")
with context.begin_transaction():
    context.run_migrations()
connection.commit()
