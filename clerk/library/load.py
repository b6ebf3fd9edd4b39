"""Load the process library: TOML files in, checked definitions out. Start reading here.

Every file is read to its end, and every problem of every file is in the one error that is raised.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path

from clerk.i18n import _
from clerk.library.definition import OfficeDefinition, ServiceDefinition
from clerk.library.problems import LibraryError, Problem
from clerk.library.read import once, read_office, read_service
from clerk.library.source import Source
from storage.terms import ServiceState

HERE = Path(__file__).parent
SERVICES = HERE / "services"
OFFICES = HERE / "offices.toml"


def load_offices(path: Path | None = None) -> tuple[OfficeDefinition, ...]:
    """The offices of a file (of the package, if none is named), in order of id.

    Raises ``LibraryError`` with every problem of the file.
    """
    source = Source(path or OFFICES)
    offices: list[OfficeDefinition] = []
    if source.table is not None:
        tables = source.table.tables("offices")
        source.table.close()
        offices = [read_office(table) for table in tables]
        rows = list(zip(tables, offices, strict=True))
        once((table, "id", office.id) for table, office in rows)
        once((table, "prefix", office.prefix) for table, office in rows)
        once((table, "intake", "true") for table, office in rows if office.intake)
    if source.problems:
        raise LibraryError(source.problems)
    return tuple(sorted(offices, key=lambda office: office.id))


def load_services(
    folder: Path | None = None, offices: Collection[str] | None = None
) -> tuple[ServiceDefinition, ...]:
    """The services of a folder's TOML files (of the package, if none is named).

    They come in order of id and version. ``offices`` are the ids of the offices that exist; where
    none are given, those of the folder's ``offices.toml``, and without one, those of the package.
    Raises ``LibraryError`` with every problem of every file.
    """
    folder = folder or SERVICES
    files = service_files(folder)
    if offices is None:
        own = folder / OFFICES.name
        offices = {office.id for office in load_offices(own if own.exists() else OFFICES)}
    return read_services(files, offices)


def service_files(path: Path) -> list[Path]:
    """A file itself, or the service files of a folder in order of name.

    Raises ``LibraryError`` for a folder without any.
    """
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.glob("*.toml") if file.name != OFFICES.name)
    if not files:
        raise LibraryError([Problem(path, 1, _("there is no .toml file in this folder"))])
    return files


def read_services(files: Sequence[Path], offices: Collection[str]) -> tuple[ServiceDefinition, ...]:
    """The services of these files, one each, checked by themselves and against each other.

    Raises ``LibraryError`` with every problem of every file.
    """
    sources = [Source(path) for path in files]
    read = [
        (source, read_service(source.table, offices))
        for source in sources
        if source.table is not None
    ]
    read.sort(key=lambda entry: (entry[1].id, entry[1].version, entry[0].path))
    for id_, versions in groupby(read, key=lambda entry: entry[1].id):
        if id_:  # what is wrong there has been reported
            _check_versions([entry for entry in versions if entry[1].version > 0])
    problems = [problem for source in sources for problem in source.problems]
    if problems:
        raise LibraryError(problems)
    return tuple(service for _source, service in read)


def _check_versions(versions: list[tuple[Source, ServiceDefinition]]) -> None:
    """No version twice, and on no day two published versions of one service."""
    numbers: dict[int, Source] = {}
    for source, service in versions:
        other = numbers.setdefault(service.version, source)
        if other is not source:
            reason = _("version {version} of “{id}” is already in {file}")
            reason = reason.format(version=service.version, id=service.id, file=other.path.name)
            source.report(("version",), reason)
    for (_first, before), (source, after) in _published(versions):
        if before.version != after.version and after.valid_from <= (before.valid_to or date.max):
            reason = _("“{id}” is valid twice from {day}: end version {version} the day before")
            reason = reason.format(id=after.id, day=after.valid_from, version=before.version)
            source.report(("valid_from",), reason)


def _published(
    versions: list[tuple[Source, ServiceDefinition]],
) -> Iterator[tuple[tuple[Source, ServiceDefinition], tuple[Source, ServiceDefinition]]]:
    """Neighbours in time among the published versions."""
    published = [
        entry
        for entry in versions
        if entry[1].state is ServiceState.PUBLISHED and entry[1].valid_from > date.min
    ]
    published.sort(key=lambda entry: entry[1].valid_from)
    return pairwise(published)
