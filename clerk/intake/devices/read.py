"""The records that lie in a folder, a ZIP or an XML file, in order, each with where it stands."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from clerk.i18n import _
from clerk.intake.devices import winowig, xowi
from clerk.intake.devices.document import Element, elements, line_of, local, root_of
from clerk.intake.devices.package import Folder, Package, Unreadable, Zip
from clerk.intake.devices.record import FieldRecord, WrongRecord
from clerk.refusal import Refused, refuse


@dataclass(frozen=True, slots=True)
class _Form:
    """A form: its possible roots, how a record is read, and its number even where it is wrong."""

    roots: tuple[str, ...]
    record: Callable[[Element], FieldRecord]
    number: Callable[[Element], str]


_FORMS = {
    winowig.RECORD: _Form(winowig.ROOTS, winowig.record, winowig.number),
    xowi.RECORD: _Form(xowi.ROOTS, xowi.record, xowi.number),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A record, or why there is none, in a file of a package; ``shown``: the file as it is told."""

    package: Package | None
    file: str
    shown: str
    record: FieldRecord | WrongRecord
    number: str = ""


@dataclass(frozen=True, slots=True)
class _WrongZip:
    """A ZIP among others that cannot be opened."""

    name: str
    reason: str


def records(path: Path, stack: ExitStack) -> Iterator[Found]:
    """The records of all XML files, in order of package and file."""
    some = False
    for package, files in _packages(path, stack):
        some = some or bool(files)
        if isinstance(package, _WrongZip):
            yield Found(None, package.name, package.name, WrongRecord(1, package.reason))
            continue
        prefix = f"{package.name}/" if isinstance(package, Zip) else ""
        for file in files:
            yield from _of_file(package, file, prefix + file)
    if not some:
        raise refuse(
            "devices.none", _("There is no XML file of a device in {path}.").format(path=path.name)
        )


def _packages(path: Path, stack: ExitStack) -> Iterator[tuple[Package | _WrongZip, list[str]]]:
    """Each package with its XML files. A ZIP that is asked for itself is refused where it is
    none."""
    if path.is_dir():
        folder = Folder(path)
        yield folder, _xml_of(folder)
        for name in sorted(one for one in folder.names if one.lower().endswith(".zip")):
            try:
                package = stack.enter_context(closing(Zip(path / name)))
            except Refused as refused:
                yield _WrongZip(name, refused.refusal.sentence), [name]
            else:
                yield package, _xml_of(package)
    elif path.suffix.lower() == ".xml":
        yield Folder(path.parent, deep=False), [path.name]
    else:
        package = stack.enter_context(closing(Zip(path)))
        yield package, _xml_of(package)


def _xml_of(package: Package) -> list[str]:
    return sorted(name for name in package.names if name.lower().endswith(".xml"))


def _of_file(package: Package, file: str, shown: str) -> Iterator[Found]:
    """The records of an XML file; what is wrong with the file itself ends it."""
    some = False
    try:
        for element in elements(package.read(file), tuple(_FORMS)):
            some = True
            form = _FORMS[local(element)]
            yield Found(package, file, shown, _read(element), form.number(element))
        if not some:
            raise WrongRecord(1, _("The file holds no records of a known form."))
    except Unreadable as unreadable:
        yield Found(package, file, shown, WrongRecord(1, str(unreadable)))
    except WrongRecord as wrong:
        yield Found(package, file, shown, wrong)


def _read(element: Element) -> FieldRecord | WrongRecord:
    form = _FORMS[local(element)]
    root = local(root_of(element))
    try:
        if root not in form.roots:
            raise WrongRecord(line_of(element), _("The file is of no known form."))
        return form.record(element)
    except WrongRecord as wrong:
        return wrong
