"""A refusal: why something cannot be done, with a stable code and a sentence for the user."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """``code`` is stable and ASCII (``item.not_open``); ``sentence`` is translated and complete."""

    code: str
    sentence: str


class Refused(Exception):  # noqa: N818 - being refused is no error
    """Raised by a use case whose guard refused. The door turns it into exit code 1."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


def refuse(code: str, sentence: str) -> Refused:
    """Shorthand: ``raise refuse("item.gone", _("…"))``."""
    return Refused(Refusal(code, sentence))


def in_words(error: BaseException) -> Refusal | None:
    """Code and translated sentence of an error that has them: a refusal, or a StoreError (also
    where the driver raised it while something was read). None for what nobody foresaw."""
    if isinstance(error, Refused):
        return error.refusal
    from clerk.i18n import _
    from storage.errors import StoreError

    if not isinstance(error, StoreError):
        error = _of_driver(error)
    if isinstance(error, StoreError):
        from clerk.system_words import in_our_words

        words = {
            name: in_our_words(str(value)) if name == "reason" else value
            for name, value in error.params.items()
        }
        return Refusal(error.code, _(error.message).format(**words))
    return None


def _of_driver(error: BaseException) -> BaseException:
    import sys

    driver = sys.modules.get("storage.driver")  # nothing of it was raised if it is not there
    if driver is None or not isinstance(error, driver.DatabaseError):
        return error
    worded: BaseException = driver.in_words(error)
    return worded
