"""What every table has: a local row position and the id that all replicas share."""

from sqlmodel import Field, SQLModel


class Row(SQLModel):
    """``pos`` is local (stable under VACUUM, used by the search index); ``id`` is the identity."""

    pos: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
