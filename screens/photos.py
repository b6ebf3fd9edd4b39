"""The photos of a fine: as a picture where the terminal can show one, always in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from clerk import dates
from clerk.i18n import N_, _
from clerk.names import word
from storage.content import get_content
from storage.errors import StoreError
from storage.records import Document
from widgets import photo
from widgets.dialog import Dialog
from widgets.lines import LinesView
from widgets.wrapping import Line

if TYPE_CHECKING:
    from sqlite3 import Connection


class PhotosScreen(Dialog[None]):
    """Looks at photos; nothing of them leaves the store."""

    DEFAULT_CSS = """
    PhotosScreen {
        & .dialog--box { width: 100%; height: 100%; }
        & .picture { height: 1fr; align: center middle; }
        & .about { height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,down,space,n", "turn(1)", N_("Next photo"), show=False, id="photos.next"),
        Binding("left,up,p", "turn(-1)", N_("Previous photo"), show=False, id="photos.previous"),
    ]

    def __init__(self, db: "Connection", photos: Sequence[Document]) -> None:
        super().__init__(_("Photos"))
        self._db = db
        self._photos = photos
        self._at = 0
        self._picture = Container(classes="picture")
        self._about = LinesView(classes="about")

    def body(self) -> ComposeResult:
        """The picture, and what it is in words."""
        yield self._picture
        yield self._about

    def keys(self) -> str:
        """The keys in words."""
        return _("← → other photo · Esc back")

    async def on_mount(self) -> None:
        """The first one."""
        await self._show()

    async def action_turn(self, by: int) -> None:
        """Another one."""
        self._at = (self._at + by) % len(self._photos)
        await self._show()

    async def _show(self) -> None:
        document = self._photos[self._at]
        picture = photo.opened(self._bytes(document))
        await self._picture.remove_children()
        if picture is not None and photo.KIND and not self.app.no_color:
            await self._picture.mount(photo.photo_view(picture, photo.KIND))
        self._about.set_lines(
            self._words(document, f"{picture.width} × {picture.height}" if picture else "")
        )

    def _bytes(self, document: Document) -> bytes:
        try:
            return get_content(self._db, document.content_sha256)
        except StoreError:  # the bytes lie in the shared store still
            return b""

    def _words(self, document: Document, pixels: str) -> list[Line]:
        """Which photo it is, and all that can be said of it without seeing it."""
        size = f"{max(1, document.size // 1024)} kB"
        what = " · ".join(one for one in (document.media_type, size, pixels) if one)
        lines: list[Line] = [
            ((_("{n} of {total}").format(n=self._at + 1, total=len(self._photos)), "muted"),
             (f"  {document.name}", "strong"), (f"  {_kind(document)}", "accent")),
            ((what, ""), (f"  {dates.full(document.created_at)}", "muted")),
            ((f"SHA-256 {document.content_sha256}", "muted"),),
        ]  # fmt: skip
        if not pixels:
            lines.append(
                ((_("This photo cannot be shown: it is broken or not here yet."), "warning"),)
            )
        elif not photo.KIND or self.app.no_color:
            lines.append(((_("This terminal shows no pictures."), "muted"),))
        return lines


def _kind(document: Document) -> str:
    """The word for what a photo shows; another one is shown as it is."""
    kinds = ("overall", "driver", "plate", "extra")
    return word("photo", document.kind) if document.kind in kinds else document.kind or ""
