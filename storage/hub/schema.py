"""The schema of the shared database: made and changed by Alembic, from the SQL files beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy.engine import Connection as AlchemyConnection

_HERE = Path(__file__).parent
SQL = _HERE / "sql"


def sql_of(name: str, *, owner: str, clerks: str) -> str:
    """The SQL of a file with the names of the two roles put in."""
    text = (SQL / name).read_text(encoding="utf-8")
    return text.replace("@OWNER@", owner).replace("@CLERKS@", clerks)


def migrate(db: "Connection", *, owner: str, clerks: str) -> None:
    """Bring the schema to the newest revision, as one transaction."""
    config = _config()
    config.attributes["roles"] = {"owner": owner, "clerks": clerks}
    db.autocommit = False
    try:
        with _alchemy(db) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        db.rollback()
        db.autocommit = True


def revision(db: "Connection") -> str | None:
    """The revision that the database is at, None where there is no schema."""
    with _alchemy(db) as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": "clerk"})
        return context.get_current_revision()


def newest() -> str | None:
    """The revision that this program brings."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE / "migrations"))
    return config


def _alchemy(db: "Connection") -> "AlchemyConnection":
    """SQLAlchemy's face of an open connection; closing it leaves the connection open."""
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: db, poolclass=StaticPool, hide_parameters=True
    )
    return engine.connect()
