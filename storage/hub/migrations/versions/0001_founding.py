"""The first schema of the shared database."""

from alembic import context, op

from storage.hub.schema import sql_of

revision = "0001"
down_revision = None

_FILES = (
    "01_tables.sql",
    "02_access.sql",
    "03_push.sql",
    "04_judge.sql",
    "05_write.sql",
    "05_follow.sql",
    "05_brought.sql",
    "06_pull.sql",
    "07_claims.sql",
    "08_content.sql",
    "09_admin.sql",
    "10_find.sql",
    "10_keep.sql",
    "11_grants.sql",
)


def upgrade() -> None:
    """Everything belongs to a role that nobody can log in as."""
    roles = context.config.attributes["roles"]
    cursor = op.get_bind().connection.cursor()
    cursor.execute(f'SET LOCAL ROLE "{roles["owner"]}"')
    cursor.execute("SET LOCAL search_path = clerk, pg_temp")
    cursor.execute("SET LOCAL check_function_bodies = off")
    for name in _FILES:
        cursor.execute(sql_of(name, **roles))
    cursor.execute("RESET ROLE")
    # Alembic's own table: workstations compare their program with it.
    cursor.execute(f'GRANT SELECT ON clerk.alembic_version TO "{roles["clerks"]}"')
