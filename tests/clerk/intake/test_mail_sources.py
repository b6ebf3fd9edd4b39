"""Maildir, mbox, folder and tar, as files that programs really write."""

import gzip
import io
import os
import tarfile
from collections.abc import Callable
from email import message_from_bytes
from mailbox import Maildir as StdlibMaildir
from mailbox import mbox as StdlibMbox
from pathlib import Path

import pytest

from clerk.intake.message import TOO_LARGE
from clerk.intake.sources import mbox as mbox_module
from clerk.intake.sources import tarball as tarball_module
from clerk.intake.sources.folder import Folder
from clerk.intake.sources.maildir import Maildir
from clerk.intake.sources.mbox import Mbox
from clerk.intake.sources.open import open_source
from clerk.intake.sources.source import Raw, id_text
from clerk.intake.sources.tarball import Tarball
from clerk.refusal import Refused
from tests.clerk.intake.corpora import REAL, corpus, mail


def content(raw: Raw) -> bytes:
    if raw.data is not None:
        return raw.data
    assert raw.path is not None
    return Path(raw.path).read_bytes()


def contents(spec: Path) -> list[bytes]:
    source = open_source(str(spec))
    found = [content(raw) for raw in source.messages()]
    assert source.count() in (None, len(found))
    source.close()
    return found


def refused(spec: Path | str) -> Refused:
    with pytest.raises(Refused) as caught:
        list(open_source(str(spec)).messages())
    assert caught.value.refusal.sentence.endswith(".")
    return caught.value


@pytest.fixture
def mails() -> list[bytes]:
    return [mail(f"Text {n}\n", subject=f"Nr. {n}") for n in range(5)]


def make_maildir(path: Path, raws: list[bytes]) -> Path:
    box = StdlibMaildir(path)
    for raw in raws:
        box.add(raw)
    return path


def make_mbox(path: Path, raws: list[bytes]) -> Path:
    box = StdlibMbox(path)
    for raw in raws:
        box.add(raw)
    box.close()
    return path


def make_folder(path: Path, raws: list[bytes]) -> Path:
    for n, raw in enumerate(raws):
        file = path / f"{n % 2}" / f"{n}.eml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    (path / "liesmich.txt").write_text("nichts")
    return path


def make_tar(path: Path, raws: list[bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # mode is any "w:…"
        for n, raw in enumerate(raws):
            member = tarfile.TarInfo(f"mails/{n}.eml")
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
        archive.addfile(tarfile.TarInfo("mails/liesmich.txt"))
        link = tarfile.TarInfo("mails/link.eml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


def make_xz(path: Path, raws: list[bytes]) -> Path:
    return make_tar(path, raws, "w:xz")


def make_gz(path: Path, raws: list[bytes]) -> Path:
    return make_tar(path, raws, "w:gz")


def make_bz2(path: Path, raws: list[bytes]) -> Path:
    return make_tar(path, raws, "w:bz2")


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_maildir, Maildir),
        (make_mbox, Mbox),
        (make_folder, Folder),
        (make_tar, Tarball),
        (make_xz, Tarball),
        (make_gz, Tarball),
        (make_bz2, Tarball),
    ],
)
def test_each_kind_is_seen_by_what_it_is(
    make: Callable[[Path, list[bytes]], Path], kind: type, mails: list[bytes], tmp_path: Path
) -> None:
    place = make(tmp_path / "quelle", mails)
    source = open_source(str(place))
    assert type(source) is kind
    first, again = list(source.messages()), list(source.messages())
    assert first == again
    assert sorted(map(content, first)) == sorted(mails)
    assert source.resume(first[-1]) == {}
    other = open_source(str(make(tmp_path / "andere", mails)))
    ids = {raw.external_id for raw in [*first, *other.messages()]}
    assert len(ids) == 2 * len(mails)
    assert all(id_.isprintable() for id_ in ids)
    source.close()
    other.close()


def test_a_maildir_gives_new_and_read_mails_once_and_changes_nothing(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "cur" / "1.x:2,RS").write_bytes(mail("eins"))
    (tmp_path / "new" / "1.x").write_bytes(mail("eins"))
    (tmp_path / "new" / "2.x").write_bytes(mail("zwei"))
    (tmp_path / "new" / ".versteckt").write_bytes(mail("nein"))
    (tmp_path / "tmp" / "3.x").write_bytes(mail("halb"))
    os.utime(tmp_path / "new" / "2.x", ns=(0, 5_000_000))
    before = sorted(tmp_path.rglob("*"))
    found = list(Maildir(tmp_path).messages())
    assert [content(raw) for raw in found] == [mail("eins"), mail("zwei")]
    assert found[1].received_at == 5
    assert sorted(tmp_path.rglob("*")) == before
    (tmp_path / "new" / "2.x").rename(tmp_path / "cur" / "2.x:2,S")
    assert [raw.external_id for raw in Maildir(tmp_path).messages()] == [
        raw.external_id for raw in found
    ]


def test_an_mbox_with_quoted_from_lines_and_real_mails(tmp_path: Path) -> None:
    raws = [raw for _name, raw in zip(range(100), (r for _n, r in corpus(REAL)), strict=False)]
    # Its own From line is the mailbox's, so the stdlib takes it off.
    bare = [raw.split(b"\n", 1)[1] if raw.startswith(b"From ") else raw for raw in raws]
    bare.append(mail("Liste:\n\nFrom hier bis dort 12:00 Uhr\n>From da\n"))
    found = contents(make_mbox(tmp_path / "box", bare))
    assert len(found) == len(bare)
    assert found[-1] == bare[-1].replace(b">From da", b"From da")
    same = sum(one.rstrip() == other.rstrip() for one, other in zip(found, bare, strict=True))
    assert same >= len(bare) - 3
    subjects = [message_from_bytes(one)["subject"] for one in found]
    assert subjects == [message_from_bytes(one)["subject"] for one in bare]


def test_an_mbox_gives_the_time_of_delivery_and_survives_long_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mbox_module, "_CHUNK", 64)
    monkeypatch.setattr(mbox_module, "MAX_RAW", 1_000)
    line = b"x" * 300 + b"From kein Anfang 12:00"
    (tmp_path / "box").write_bytes(
        b"From a@b Thu Jan  1 00:00:07 1970\nSubject: 1\n\n"
        + line
        + b"\nFrom auch kein Anfang 12:00\n\n"
        + b"From - Thu Jan  1 00:00:08 1970\nSubject: 2\n\n"
        + b"y" * 2_000
        + b"\n\nFrom c@d irgendwann 12:00\nSubject: 3\n\nende"
    )
    first, second, third = Mbox(tmp_path / "box").messages()
    assert first.data == b"Subject: 1\n\n" + line + b"\nFrom auch kein Anfang 12:00\n"
    assert (first.received_at, second.received_at, third.received_at) == (7_000, 8_000, None)
    assert (second.data, second.code) == (None, TOO_LARGE)
    assert third.data == b"Subject: 3\n\nende"


def test_an_empty_file_is_an_mbox_without_mails(tmp_path: Path) -> None:
    (tmp_path / "box").touch()
    assert contents(tmp_path / "box") == []


def test_a_single_eml_with_the_line_of_an_mbox_in_it(tmp_path: Path) -> None:
    raw = b"From a@b Thu Jan  1 00:00:07 1970\n" + mail()
    (tmp_path / "eine.EML").write_bytes(raw)
    assert contents(tmp_path / "eine.EML") == [raw]


def test_a_tar_with_too_large_and_equally_named_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tarball_module, "MAX_RAW", 500)
    with tarfile.open(tmp_path / "t.tar.gz", "w:gz") as archive:
        for raw in (mail("a"), mail("b"), mail("x" * 1_000), mail("c")):
            member = tarfile.TarInfo("../../etc/gleich.eml")
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    found = list(Tarball(tmp_path / "t.tar.gz").messages())
    assert [raw.data for raw in found] == [mail("a"), mail("b"), None, mail("c")]
    assert found[2].code == TOO_LARGE
    assert len({raw.external_id for raw in found}) == 4
    assert [file.name for file in tmp_path.rglob("*")] == ["t.tar.gz"]


# Without bz2: half of it may be less than the one block that can be read.
@pytest.mark.parametrize("make", [make_tar, make_xz, make_gz])
def test_a_damaged_tar_gives_what_it_has_and_says_so(
    make: Callable[[Path, list[bytes]], Path], tmp_path: Path
) -> None:
    raws = [mail(os.urandom(30_000).hex()) for _n in range(8)]
    place = make(tmp_path / "t.tar", raws)
    whole = place.read_bytes()
    place.write_bytes(whole[: len(whole) // 2])
    found: list[bytes | None] = []
    messages = (raw.data for raw in open_source(str(place)).messages())
    with pytest.raises(Refused) as caught:
        found.extend(messages)
    assert caught.value.refusal.code == "intake.source_broken"
    assert found == raws[: len(found)]


def test_what_is_no_source_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    (tmp_path / "bild.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "text.gz").write_bytes(gzip.compress(b"kein tar"))
    with tarfile.open(tmp_path / "leer.tar", "w"):
        pass
    os.mkfifo(tmp_path / "rohr")
    codes = {
        name: refused(tmp_path / name).refusal.code
        for name in ("fehlt", "leer", "bild.png", "text.gz", "leer.tar", "rohr", "x\0y")
    }
    assert codes == {
        "fehlt": "intake.not_found",
        "leer": "intake.no_mail",
        "bild.png": "intake.unknown_kind",
        "text.gz": "intake.unknown_kind",
        "leer.tar": "intake.no_mail",
        "rohr": "intake.not_readable",
        "x\0y": "intake.not_readable",
    }


def test_a_hostile_path_is_shown_safely(tmp_path: Path) -> None:
    assert "\x1b" not in refused(tmp_path / "\x1b[31mrot").refusal.sentence


def test_ids_of_names_are_storable_bounded_and_distinct() -> None:
    assert id_text("b\udcffse") == "b\\xffse"
    long, other = id_text("a" * 5_000), id_text("a" * 5_001)
    assert max(len(long), len(other)) < 250
    assert long != other
