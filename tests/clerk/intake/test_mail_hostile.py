"""Mails made to break, blind or stall the reader."""

import base64
import io
import zipfile

import pytest

from clerk.intake import limits
from clerk.intake.message import EMPTY, NO_HEADER, Quarantine
from clerk.intake.parse import parse, safe_name
from clerk.intake.readable import readable
from tests.clerk.intake.corpora import mail, multipart, part, read, storable


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", EMPTY),
        (b" \r\n\t\n", EMPTY),
        (b"\0" * 5_000, NO_HEADER),
        (b"Hello, here is no header\n\nat all\n", NO_HEADER),
        (b"\xff\xd8\xff\xe0 a picture", NO_HEADER),
    ],
)
def test_what_is_no_mail_is_quarantined_with_a_sentence(raw: bytes, code: str) -> None:
    found = parse(raw)
    assert isinstance(found, Quarantine)
    assert (found.code, found.sentence.endswith(".")) == (code, True)


def test_controls_and_bidi_overrides_become_visible_in_every_field() -> None:
    evil = "a\x00b\x1b[31mc\u202ed\x9be\x07"
    hidden = base64.b64encode(f"x\r\n{evil}".encode()).decode()
    raw = multipart(
        [
            part(f"Zeile\r\n{evil}\tTab".encode(), content_type="text/plain; charset=utf-8"),
            part(b"x", content_type=f"{evil}/pdf", content_disposition=f'x; filename="{evil}.pdf"'),
        ],
        subject=f"{evil} =?utf-8?b?{hidden}?=",
        message_id=f"<{evil}@example.org>",
        references=f"<{evil}1@example.org>",
        to=f"{evil}@example.org",
    ).replace(b"From: ", b"", 1)
    found = read(raw.replace(b"from: Erika", f"from: {evil}".encode()))
    assert storable(found)
    assert found.subject.startswith("a\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffd")
    assert found.sender_name == "a\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffd"
    assert found.text == "Zeile\na\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffd\tTab"
    assert found.attachments[0].name == "a\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffd.pdf"
    assert found.attachments[0].media_type == "application/octet-stream"


@pytest.mark.parametrize("markup", ["[/nope]", "[@click=app.quit]x[/]", "[bold]", "$x {y} %(z)s"])
def test_markup_stays_the_text_that_it_is(markup: str) -> None:
    found = read(mail(markup, subject=markup, **{"from": f'"{markup}" <a@example.org>'}))
    assert (found.subject, found.sender_name, found.text) == (markup, markup, markup)


def test_names_of_100_000_characters_are_cut() -> None:
    long = "n" * 100_000
    raw = multipart(
        [part(b"x", content_type="image/png", content_disposition=f'x; filename="{long}.png"')],
        subject=long,
        message_id=f"<{long}@example.org>",
        in_reply_to=f"<{long}@example.org>",
        references=" ".join(f"<{n}@example.org>" for n in range(1_500)),
        to=", ".join(f"{n}@example.org" for n in range(900)),
        **{"from": f"{long} <{long}@example.org>"},
    )
    found = read(raw)
    assert len(found.subject) == limits.MAX_SUBJECT
    assert len(found.sender_name) == limits.MAX_NAME
    assert len(found.sender_address) <= limits.MAX_ADDRESS
    assert len(found.message_id) <= limits.MAX_ID + 65
    assert found.in_reply_to == found.message_id
    assert len(found.references) == limits.MAX_REFERENCES
    assert found.references[0] == "0@example.org"
    assert len(found.recipients) == limits.MAX_RECIPIENTS
    assert len(found.attachments[0].name) <= limits.MAX_ATTACHMENT_NAME
    assert {"subject.cut", "sender.cut"} <= set(found.defects)


def test_an_encoded_word_cannot_forge_the_address() -> None:
    forged = base64.b64encode(b"Chef <chef@stadt.example>").decode()
    found = read(mail(**{"from": f"=?utf-8?b?{forged}?= <thief@example.org>"}))
    assert found.sender_address == "thief@example.org"
    assert found.sender_name == "Chef <chef@stadt.example>"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\temp\rechnung.pdf", "rechnung.pdf"),
        ("..", ""),
        ("/", ""),
        ("rechnung\u202efdp.exe", "rechnung\ufffdfdp.exe"),
        ("a" * 300 + ".pdf", "a" * 195 + "….pdf"),
    ],
)
def test_attachment_names_are_display_text(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_a_thousand_attachments() -> None:
    parts = [
        part(
            base64.b64encode(b"%d" % n),
            content_type="application/pdf",
            content_transfer_encoding="base64",
            content_disposition=f'attachment; filename="{n}.pdf"',
        )
        for n in range(1_000)
    ]
    found = read(multipart([part(b"Hallo", content_type="text/plain"), *parts]))
    assert found.text == "Hallo"
    assert [a.name for a in found.attachments] == [f"{n}.pdf" for n in range(1_000)]
    assert [a.data for a in found.attachments] == [b"%d" % n for n in range(1_000)]


def test_more_parts_than_the_limit_end_with_a_defect() -> None:
    found = read(multipart([part(b"x", content_type="image/png")] * (limits.MAX_PARTS + 10)))
    assert "parts.too_many" in found.defects
    assert limits.MAX_PARTS - 10 < len(found.attachments) <= limits.MAX_PARTS


def test_a_mail_of_50_megabytes() -> None:
    content = bytes(range(256)) * (37 * 4096)
    raw = multipart(
        [
            part("Plan für das Straßenfest".encode(), content_type="text/plain; charset=utf-8"),
            part(
                base64.encodebytes(content),
                content_type="application/pdf; name=plan.pdf",
                content_transfer_encoding="base64",
            ),
        ]
    )
    assert len(raw) > 50_000_000
    found = read(raw)
    assert found.text == "Plan für das Straßenfest"
    assert (found.attachments[0].size, found.attachments[0].data) == (len(content), content)


def test_50_megabytes_of_text_are_cut_with_a_defect() -> None:
    found = read(mail(b"Wort f\xc3\xbcr Wort\n" * 3_000_000))
    assert len(found.text) == limits.MAX_TEXT
    assert "text.cut" in found.defects


def test_a_zip_bomb_is_an_attachment_like_any_other() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.txt", b"0" * 20_000_000)
    data = bomb.getvalue()
    found = read(
        multipart(
            [
                part(
                    base64.encodebytes(data),
                    content_type="application/zip",
                    content_transfer_encoding="base64",
                    content_disposition="attachment; filename=bombe.zip",
                )
            ]
        )
    )
    assert [(a.name, a.data) for a in found.attachments] == [("bombe.zip", data)]
    assert found.text == ""


@pytest.mark.parametrize("depth", [50, 1_000, 20_000])
def test_deep_nesting(depth: int) -> None:
    body = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    found = read(b"From: a@example.org\n" + body + b"\nganz innen\n")
    if depth <= limits.MAX_DEPTH:
        assert found.text == "ganz innen"
    else:
        assert "parts.too_deep" in found.defects
        assert b"ganz innen" in found.attachments[0].data


def test_deep_nesting_of_forwarded_mails_is_one_attachment() -> None:
    inner = b"Content-Type: message/rfc822\n\n" * 1_000 + b"Subject: innen\n\nganz innen\n"
    found = read(multipart([part(b"anbei", content_type="text/plain"), inner]))
    assert (found.text, found.attachments[0].media_type) == ("anbei", "message/rfc822")


@pytest.mark.parametrize(
    "source",
    [
        "<p><font color=%d>x" * 20_000,
        "<div>" * 200_000,
        "<font title='<' size=1><p>x" * 20_000,
        "<script>" * 200_000,
        "<a href='https://example.org/'>y" * 50_000,
        "<td" * 500_000,
        "<!--" * 500_000,
        "<pre>" * 900 + "a\nb" * 1_000,
        "&amp" * 500_000,
    ],
    ids=lambda source: source[:12],
)
def test_html_that_would_grow_without_bounds(source: str) -> None:
    text = readable(source, set())
    assert len(text) < 4 * len(source)
    assert "<" not in text.replace("<'", "") or "font title" in source


@pytest.mark.parametrize(
    "header",
    [
        b"a" * 3_000_000,
        b"a:" * 1_000_000,
        b"Subject: " + b"=?" * 500_000,
        b"From: " + b"(" * 500_000,
        b"From: " + b'"\\' * 500_000,
        b"To: " + b"<" * 500_000,
        b"To: " + b"a@" * 500_000,
        b"Subject: x\n " + b"\n " * 500_000,
        b"Content-Type: a/b; " + b"x*0*=utf-8''%41;" * 100_000,
        b"Content-Type: text/plain; charset=punycode",
        b"X: y\n" * 500_000,
    ],
    ids=lambda header: header[:14].decode(),
)
def test_headers_made_to_stall_a_parser(header: bytes) -> None:
    raw = header + b"\nMessage-ID: <a@example.org>\n\n" + b"-" * 300_000
    found = parse(raw)
    assert not isinstance(found, Quarantine) or found.code == NO_HEADER


def test_open_quotes_by_the_thousand_do_not_hold_up_the_intake() -> None:
    """They took time by the square: the header limit's worth of them would take an hour."""
    found = parse(b"From: " + b'"\\' * (limits.MAX_HEADER_VALUE // 2) + b"\r\n\r\nx")
    assert not isinstance(found, Quarantine)
    assert "@" not in found.sender_address
