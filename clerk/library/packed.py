"""A service as one line of JSON, as the replica keeps each version, and back."""

import json
from dataclasses import asdict
from datetime import date

from clerk.library.definition import ServiceDefinition
from clerk.library.lines import Path
from clerk.library.read import read_service
from clerk.library.table import Table


def as_values(service: ServiceDefinition) -> dict[str, object]:
    """The service in the shape of its file, of JSON types only: dates ``YYYY-MM-DD``."""
    values: dict[str, object] = asdict(service)
    values["valid_from"] = service.valid_from.isoformat()
    values["valid_to"] = service.valid_to.isoformat() if service.valid_to else None
    values["terms"] = [{**asdict(term), "period": str(term.period)} for term in service.terms]
    values["results"] = [
        {**asdict(result), "retention": str(result.retention)} for result in service.results
    ]
    values["words"] = [{"word": word.text, "weight": word.weight} for word in service.words]
    return values


def pack(service: ServiceDefinition) -> str:
    """The service as JSON text: the same service always gives the same text."""
    return json.dumps(as_values(service), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpack(text: str) -> ServiceDefinition:
    """The service of a packed text. Raises ``ValueError`` where it is none."""
    values = json.loads(text)
    if not isinstance(values, dict):
        values = {}
    for key in ("valid_from", "valid_to"):
        value = values.pop(key, None)
        if isinstance(value, str):
            values[key] = date.fromisoformat(value)
    wrong: list[str] = []

    def report(where: Path, reason: str) -> None:
        wrong.append(f"{'.'.join(map(str, where))}: {reason}")

    service = read_service(Table(values, (), report), {str(values.get("office"))})
    if wrong:
        raise ValueError("; ".join(wrong))
    return service
