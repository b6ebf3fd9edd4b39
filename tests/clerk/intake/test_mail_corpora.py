"""Real and broken mails: all end parsed or quarantined, and say what the stdlib says of them."""

import hashlib
from email.header import decode_header, make_header
from email.utils import parseaddr

from clerk.intake.headers import read_headers
from clerk.intake.message import NO_HEADER, ParsedMail, Quarantine
from clerk.intake.parse import parse
from clerk.intake.parts import content, leaves
from tests.clerk.intake.corpora import BROKEN, REAL, by_stdlib, corpus, storable


def test_all_broken_mails_end_parsed_or_quarantined() -> None:
    found = {name: parse(raw) for name, raw in corpus(BROKEN)}
    assert len(found) == 74
    quarantined = {n: f.code for n, f in found.items() if isinstance(f, Quarantine)}
    # The only one that is no mail: an Outlook .msg file, a binary format of its own.
    assert quarantined == {"00001.eml": NO_HEADER}
    assert all(storable(f) for f in found.values() if isinstance(f, ParsedMail))


def test_broken_mails_give_what_can_be_read() -> None:
    found = {name: parse(raw) for name, raw in corpus(BROKEN)}

    def one(number: int) -> ParsedMail:
        mail = found[f"{number:05}.eml"]
        assert isinstance(mail, ParsedMail)
        return mail

    assert one(3).sender_name == "张先生"  # under a charset label that is wrong
    assert "boundary.unclosed" in one(5).defects
    assert one(6).sender_address == "bob@example.com"  # not the address in the display name
    assert one(8).subject == "Another PDF with 🎉 Unicode chars in it 🍿"
    assert one(29).text.startswith("あいうえお")
    assert one(38).sender_address == "pete@silly.test"  # comments inside the address
    assert [a.name for a in one(47).attachments][-1] == "HasenundFrösche.txt"
    assert one(69).attachments[1].media_type == "message/rfc822"


def test_real_mails_are_all_parsed_and_agree_with_the_stdlib() -> None:
    compared = 0
    for name, raw in corpus(REAL):
        found, known = parse(raw), by_stdlib(raw)
        assert isinstance(found, ParsedMail), (name, found)
        assert found.raw_sha256 == hashlib.sha256(raw).hexdigest()
        assert storable(found)
        subject = str(known["subject"] or "")
        if subject.isascii() and "=?" in subject:
            subject = str(make_header(decode_header(subject)))
        if subject.isascii() and len(subject) < 500:
            compared += 1
            assert found.subject.split() == subject.split(), name
        sender = str(known["from"] or "")
        if sender.isascii() and sender.count("<") == 1 and "=?" not in sender:
            assert found.sender_address == parseaddr(sender)[1].lower(), name
    assert compared > 1_000


def test_the_parts_are_those_that_the_stdlib_finds() -> None:
    compared = 0
    for name, raw in corpus(REAL):
        known = by_stdlib(raw)
        if not known.is_multipart() or any(
            "message/" in p.get_content_type() for p in known.walk()
        ):
            continue
        wanted = [
            (leaf.get_content_type(), data.strip())
            for leaf in known.walk()
            if isinstance(data := leaf.get_payload(decode=True), bytes)
        ]
        headers, body = read_headers(raw, 0, len(raw), set())
        found = [(p.media_type, content(raw, p, set())) for p in leaves(raw, headers, body, set())]
        # Of a last part that nothing closes the stdlib drops the line end.
        assert [(t, data.strip()) for t, data in found] == wanted, name
        compared += len(found)
    assert compared > 150
