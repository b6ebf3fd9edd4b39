"""Where the key comes from: a keyring that can be trusted, else a passphrase; nowhere else."""

import base64
import json
import logging
import os
import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from storage import keyring as trusted
from storage import keys
from storage.errors import StoreError
from storage.keys import KeyFile, change_passphrase, create_key, read_key_file, unlock
from storage.store import open_store

GOOD = "correct horse battery"


class Fake(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class Locked(Fake):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


class Swallowing(Fake):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class PlaintextKeyring(Fake):
    """As keyrings.alt has it."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


class Disguised(Fake):
    """Named like a trusted one, in another module."""


Disguised.__module__ = "keyrings.alt.SecretService"
Disguised.__qualname__ = "Keyring"


class Chain(chainer.ChainerBackend):
    """A chain of the members given."""

    members: tuple[KeyringBackend, ...] = ()

    @property
    def backends(self) -> tuple[KeyringBackend, ...]:
        return self.members


Chain.__module__ = "keyring.backends.chainer"
Chain.__qualname__ = "ChainerBackend"


def no_keyring() -> KeyringBackend:
    """What the keyring package gives where there is none."""
    return fail.Keyring()  # type: ignore[no-untyped-call]  # the package is half typed


def null_keyring() -> KeyringBackend:
    return null.Keyring()  # type: ignore[no-untyped-call]  # the package is half typed


def chain(*members: KeyringBackend) -> Chain:
    one = Chain()  # type: ignore[no-untyped-call]  # the package is half typed
    one.members = members
    return one


def name(backend: type) -> str:
    return f"{backend.__module__}.{backend.__qualname__}"


@pytest.fixture(autouse=True)
def _good_are_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fake, Locked and Swallowing stand for the desktop's own keyring."""
    good = {name(Fake), name(Locked), name(Swallowing)}
    monkeypatch.setattr(trusted, "_TRUSTED", trusted._TRUSTED | good)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> "Use":
    return Use(monkeypatch)


class Use:
    """Chooses the keyring of this machine."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def __call__(self, backend: KeyringBackend) -> KeyringBackend:
        self._patch.setattr(keyring, "get_keyring", lambda: backend)
        return backend


class Asked:
    """A passphrase source that remembers what it was told."""

    def __init__(self, *phrases: str) -> None:
        self.phrases = list(phrases)
        self.told: list[tuple[bool, str]] = []

    def __call__(self, new: bool, why: str) -> str:
        self.told.append((new, why))
        return self.phrases.pop(0)


def never(_new: bool, _why: str) -> str:
    raise AssertionError("no passphrase is needed")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its smallest: what is tested is not its cost."""
    real = keys._derive

    def derive(phrase: str, how: KeyFile) -> bytes:
        return real(phrase, how._replace(time_cost=1, memory_kib=8))

    monkeypatch.setattr(keys, "_derive", derive)


NONE = "This machine has no keyring that could hold the key."
UNSAFE = "The keyring of this machine does not keep secrets safely (plain text or unknown)."
FAILED = "The keyring of this machine is locked or does not answer."

UNTRUSTED = {
    "none": (no_keyring(), NONE),
    "null": (null_keyring(), NONE),
    "plain text": (PlaintextKeyring(), UNSAFE),
    "a name that looks good": (Disguised(), UNSAFE),
    "a chain of nothing": (chain(), NONE),
    "a chain with plain text first": (chain(PlaintextKeyring(), Fake()), UNSAFE),
    "locked": (Locked(), FAILED),
    "a chain with a locked one first": (chain(Locked(), PlaintextKeyring()), FAILED),
    "one that keeps nothing": (Swallowing(), FAILED),
}


@pytest.mark.parametrize("kind", UNTRUSTED)
@pytest.mark.usefixtures("cheap")
def test_without_a_trusted_keyring_a_passphrase_is_asked_and_why(
    tmp_path: Path, use: Use, kind: str
) -> None:
    backend, why = UNTRUSTED[kind]
    use(backend)
    asked = Asked(GOOD, GOOD)
    key = create_key(tmp_path, asked)
    assert asked.told == [(True, why)]
    found = read_key_file(tmp_path)
    assert found is not None
    assert (found.kind, found.why) == ("passphrase", why)
    assert unlock(tmp_path, asked) == key
    assert asked.told[1] == (False, why)
    members = backend.backends if isinstance(backend, Chain) else (backend,)
    assert not [m.kept for m in members if isinstance(m, PlaintextKeyring) and m.kept]


@pytest.mark.parametrize("how", ["alone", "first of a chain"])
def test_a_trusted_keyring_holds_the_key(tmp_path: Path, use: Use, how: str) -> None:
    good, bad = Fake(), PlaintextKeyring()
    use(good if how == "alone" else chain(good, bad))
    assert trusted.untrusted_reason() == ""
    key = create_key(tmp_path, never)
    assert len(key) == keys.KEY_BYTES
    assert [base64.b64decode(secret) for secret in good.kept.values()] == [key]
    assert bad.kept == {}
    assert unlock(tmp_path, never) == key
    found = read_key_file(tmp_path)
    assert found is not None
    assert found.kind == "keyring"


def test_each_home_has_a_key_of_its_own(tmp_path: Path, use: Use) -> None:
    use(Fake())
    for home in ("a", "b"):
        (tmp_path / home).mkdir()
    made = [create_key(tmp_path / home, never) for home in ("a", "b")]
    assert made[0] != made[1]
    assert [unlock(tmp_path / home, never) for home in ("a", "b")] == made


@pytest.mark.parametrize("backend", [PlaintextKeyring(), Locked(), Fake(), no_keyring()])
def test_a_keyring_that_has_lost_the_key(tmp_path: Path, use: Use, backend: KeyringBackend) -> None:
    use(Fake())
    create_key(tmp_path, never)
    use(backend)
    with pytest.raises(StoreError) as refused:
        unlock(tmp_path, never)
    assert refused.value.code == "key.missing"


@pytest.mark.parametrize("secret", ["", "no base64!", base64.b64encode(b"x" * 32).decode(), "AAAA"])
def test_a_keyring_with_another_key(tmp_path: Path, use: Use, secret: str) -> None:
    good = Fake()
    use(good)
    create_key(tmp_path, never)
    for entry in good.kept:
        good.kept[entry] = secret
    with pytest.raises(StoreError) as refused:
        unlock(tmp_path, never)
    assert refused.value.code == "key.wrong"
    assert "passphrase" not in str(refused.value)


def test_a_keyring_that_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> KeyringBackend:
        raise ModuleNotFoundError("No module named 'nonsense'")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    assert trusted.untrusted_reason() == FAILED


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no bus is needed")
def test_without_a_session_bus_there_is_no_keyring(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Fake())
    assert trusted.untrusted_reason() == ""
    for variable in trusted._DESKTOP:
        monkeypatch.delenv(variable, raising=False)
    assert trusted.untrusted_reason() == NONE


def test_the_real_names_are_trusted() -> None:
    """The table names the classes of the keyring package as they are called today."""
    from keyring.backends import SecretService, libsecret

    assert {name(SecretService.Keyring), name(libsecret.Keyring)} <= trusted._TRUSTED
    assert name(chainer.ChainerBackend) == trusted._CHAIN
    for backend in (fail.Keyring, null.Keyring, PlaintextKeyring, chainer.ChainerBackend):
        assert name(backend) not in trusted._TRUSTED


@pytest.fixture
def home(tmp_path: Path, use: Use, cheap: None) -> Path:
    """A home whose passphrase is GOOD."""
    use(no_keyring())
    create_key(tmp_path, Asked(GOOD))
    return tmp_path


@pytest.mark.parametrize("phrase", ["", "wrong horse battery", GOOD + " ", GOOD.upper(), "\udcff"])
def test_a_wrong_passphrase(home: Path, phrase: str) -> None:
    with pytest.raises(StoreError) as refused:
        unlock(home, Asked(phrase))
    assert refused.value.code == "key.wrong"
    assert str(refused.value) == "The passphrase is wrong. The store was left untouched."


@pytest.mark.parametrize("phrase", ["", "seven77", "       "])
@pytest.mark.usefixtures("cheap")
def test_a_new_passphrase_that_is_too_short(tmp_path: Path, use: Use, phrase: str) -> None:
    use(no_keyring())
    with pytest.raises(StoreError) as refused:
        create_key(tmp_path, Asked(phrase))
    assert refused.value.code == "key.short"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ("Grüße aus Köln", "Gru\u0308ße aus Ko\u0308ln"),
        ("Gru\u0308ße aus Ko\u0308ln", "Grüße aus Köln"),
        ("пароль для всех", "пароль для всех"),
        ("mit \u00a0 Leerzeichen ", "mit \u00a0 Leerzeichen "),
        ("🦜🦜🦜🦜🦜🦜🦜🦜", "🦜🦜🦜🦜🦜🦜🦜🦜"),
        ("x" * 10_000, "x" * 10_000),
    ],
)
@pytest.mark.usefixtures("cheap")
def test_umlauts_are_the_same_however_they_are_typed(
    tmp_path: Path, use: Use, typed: str, again: str
) -> None:
    use(no_keyring())
    assert create_key(tmp_path, Asked(typed)) == unlock(tmp_path, Asked(again))


@pytest.mark.usefixtures("cheap")
def test_the_same_passphrase_makes_another_key_elsewhere(tmp_path: Path, use: Use) -> None:
    use(no_keyring())
    for home in ("a", "b"):
        (tmp_path / home).mkdir()
    assert create_key(tmp_path / "a", Asked(GOOD)) != create_key(tmp_path / "b", Asked(GOOD))


def test_the_cost_of_argon2_is_not_less_than_recommended(tmp_path: Path, use: Use) -> None:
    """OWASP's smallest: 12 MiB with t = 3, p = 1."""
    use(no_keyring())
    key = create_key(tmp_path, Asked(GOOD))
    found = read_key_file(tmp_path)
    assert found is not None
    assert found.memory_kib * found.time_cost >= 12 * 1024 * 3
    assert found.memory_kib >= 7 * 1024
    assert len(base64.b64decode(found.salt)) >= 16
    assert unlock(tmp_path, Asked(GOOD)) == key


def test_another_passphrase_opens_the_same_store(home: Path) -> None:
    key = unlock(home, Asked(GOOD))
    change_passphrase(home, key, Asked("another passphrase"))
    assert unlock(home, Asked("another passphrase")) == key
    with pytest.raises(StoreError):
        unlock(home, Asked(GOOD))
    with pytest.raises(StoreError) as refused:
        change_passphrase(home, bytes(32), Asked("a third one"))
    assert refused.value.code == "key.wrong"
    with pytest.raises(StoreError) as refused:
        change_passphrase(home, key, Asked("short"))
    assert refused.value.code == "key.short"
    assert unlock(home, Asked("another passphrase")) == key


DAMAGED = [
    "", "{", "null", "[]", "5", '"text"', "{}", '{"kind": "passphrase"}', "\ufeff{}", "\x00" * 40,
]  # fmt: skip
CHANGED = [
    {"kind": "magic"}, {"kind": 5}, {"check": None}, {"salt": ""}, {"salt": "no base64!"},
    {"salt": 7}, {"time_cost": 0}, {"time_cost": "3"}, {"time_cost": 10**9}, {"memory_kib": -1},
    {"memory_kib": 2**40}, {"lanes": 0}, {"lanes": True}, {"unknown": 1}, {"wrapped": "AAAA"},
    {"wrapped": "no base64!"},
]  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_key_file(home: Path, text: str) -> None:
    (home / keys.FILE_NAME).write_text(text, encoding="utf-8")
    refuse_key_file(home)


def test_a_key_file_that_is_no_text(home: Path) -> None:
    (home / keys.FILE_NAME).write_bytes(b"\xff\xfe\x80")
    refuse_key_file(home)


@pytest.mark.parametrize("change", CHANGED, ids=str)
def test_a_key_file_with_nonsense_in_it(home: Path, change: dict[str, object]) -> None:
    path = home / keys.FILE_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    refuse_key_file(home)


def test_a_key_file_that_is_a_folder(home: Path) -> None:
    (home / keys.FILE_NAME).unlink()
    (home / keys.FILE_NAME).mkdir()
    with pytest.raises(StoreError) as refused:
        unlock(home, never)
    assert refused.value.code == "key.file"


def refuse_key_file(home: Path) -> None:
    path = home / keys.FILE_NAME
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        unlock(home, Asked(GOOD))
    assert refused.value.code == "key.file"
    assert str(path) in str(refused.value)
    assert path.read_bytes() == before


def test_no_key_file(tmp_path: Path) -> None:
    assert read_key_file(tmp_path) is None
    with pytest.raises(StoreError) as refused:
        unlock(tmp_path, never)
    assert refused.value.code == "key.none"


def test_rights_and_no_traces_beside(home: Path) -> None:
    old = os.umask(0)
    try:
        (home / (keys.FILE_NAME + ".new")).touch(0o666)  # left by a start that was cut off
        change_passphrase(home, unlock(home, Asked(GOOD)), Asked("another one"))
    finally:
        os.umask(old)
    assert [p.name for p in home.iterdir()] == [keys.FILE_NAME]
    assert stat.S_IMODE((home / keys.FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("way", ["keyring", "passphrase"])
@pytest.mark.usefixtures("cheap")
def test_the_key_is_nowhere_to_be_seen(
    tmp_path: Path,
    use: Use,
    way: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not in files, arguments, environment, logs, output, nor in what is said about errors."""
    use(Fake() if way == "keyring" else no_keyring())
    caplog.set_level(logging.DEBUG)
    home = tmp_path / "home"
    home.mkdir()
    key = create_key(home, Asked(GOOD))
    store = open_store(home, key, create=True)
    store.set_local("name", "value")
    said = [repr(store), str(store.__dict__.keys()), repr(read_key_file(home))]
    for refuse in (
        lambda: open_store(home, bytes(32)),
        lambda: unlock(tmp_path, Asked(GOOD)),
        lambda: store.db.execute("SELECT nonsense"),
    ):
        with pytest.raises(Exception) as error:  # noqa: PT011 - whatever it is, it must not tell
            refuse()
        said += [repr(error.value), str(error.value), repr(error.value.__cause__)]
    store.close()
    out = capfd.readouterr()
    said += [out.out, out.err, caplog.text, *sys.argv, *os.environ.values()]
    places = [text.encode(errors="surrogateescape") for text in said]
    places += [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()]
    secrets = (key, key.hex().encode(), base64.b64encode(key), GOOD.encode())
    for place in places:
        assert not [one for one in secrets if one.lower() in place.lower()]
