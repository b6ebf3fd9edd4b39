"""The floor of any start: an empty Textual app."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class BareStatic(App[None]):
    """One word on the screen."""

    def compose(self) -> ComposeResult:
        yield Static("ready")


if __name__ == "__main__":
    BareStatic().run()
