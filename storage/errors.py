"""What can go wrong below: a stable code and an English sentence that the door translates."""

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Mark a message for the catalogue; storage itself never translates."""
    return message


class StoreError(Exception):
    """``code`` is stable (``store.full``); ``message`` with ``params`` in it is the sentence."""

    def __init__(self, code: str, message: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params: Mapping[str, str | int] = params

    def __str__(self) -> str:
        return self.message.format(**self.params)
