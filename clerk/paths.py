"""Where the program keeps what: one home folder, 0700."""

import os
from pathlib import Path

HOME_VARIABLE = "CLERK_HOME"
PASSPHRASE_VARIABLE = "CLERK_PASSPHRASE_FILE"  # noqa: S105 - a name, not a secret


def home(given: str | None = None) -> Path:
    """The home: ``--home``, else ``CLERK_HOME``, else the platform's folder for user data."""
    if chosen := given or os.environ.get(HOME_VARIABLE):
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("clerk", appauthor=False)
