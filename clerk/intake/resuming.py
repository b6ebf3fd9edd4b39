"""Where to go on in a mailbox: what :mod:`clerk.intake.receive` remembered of the last run."""

from collections.abc import Mapping

from clerk.intake.sources.source import source_key
from storage.store import Store


def resume_of(store: Store, spec: str) -> Mapping[str, str]:
    """What ``open_source`` takes as ``resume``; empty for a first run and for files.

    Raises Refused for an address that is none.
    """
    import json

    from clerk.intake.sources.imap import SCHEME, mailbox

    if not spec.lower().startswith(SCHEME):
        return {}
    place = mailbox(spec)
    # The identity that sources.imap gives its folder.
    key = source_key("imap", f"{place.user}@{place.host}:{place.port}/{place.folder}")
    kept = json.loads(store.local(f"intake:{key}") or "{}")
    return {str(name): str(value) for name, value in kept.items()}
