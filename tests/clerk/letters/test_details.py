"""What templates are filled with, as JSON in and out."""

import json

import pytest

from clerk.letters.details import Notice, Plain, from_json, to_json
from clerk.letters.templates import TEMPLATES, template
from clerk.refusal import Refused
from tests import support
from tests.clerk.letters.examples import EXAMPLES


@pytest.mark.parametrize("name", TEMPLATES)
def test_details_come_back_as_they_went(name: str) -> None:
    details = EXAMPLES[name]
    assert type(details) is TEMPLATES[name].details
    text = to_json(details)
    assert from_json(text, TEMPLATES[name].details) == details
    assert to_json(from_json(text, TEMPLATES[name].details)) == text


def test_hostile_text_comes_back_as_it_went() -> None:
    details = Plain(
        to=EXAMPLES["plain"].to, number="1", subject=support.HOSTILE, text=support.HOSTILE
    )
    assert from_json(to_json(details), Plain) == details


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"fine": "viel"}, "$.fine"),
        ({"fine": 1.5}, "$.fine"),
        ({"accused": {"given_name": "Erika"}}, "$.accused"),
        ({"act": {"place": "x"}}, "$.act"),
        ({"due_on": "31.12.2026"}, "$.due_on"),
        ({"feee": 1}, "$.feee"),
        ({"accused": {"family_name": "x", "nmae": "y"}}, "$.accused.nmae"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: dict[str, object], told: str) -> None:
    values = json.loads(to_json(EXAMPLES["notice"])) | change
    with pytest.raises(ValueError, match=told.replace("$", r"\$")):
        from_json(json.dumps(values), Notice)


def test_a_list_is_looked_through_for_what_is_unknown() -> None:
    values = json.loads(to_json(EXAMPLES["notice"]))
    values["act"]["charges"][0]["provison"] = "x"
    with pytest.raises(ValueError, match=r"charges\[0\]\.provison"):
        from_json(json.dumps(values), Notice)


def test_an_unknown_template_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        template("brief")
    assert refused.value.refusal.code == "letter.no_template"
    assert "plain" in refused.value.refusal.sentence
