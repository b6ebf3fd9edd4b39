"""Senders, recipients, threads, dates, charsets and text, as mails really write them."""

import pytest

from clerk.intake.addresses import recipients, sender
from clerk.intake.dates import moment
from clerk.intake.readable import readable
from clerk.intake.threads import bare_subject, ids
from tests.clerk.intake.corpora import mail, multipart, part, read


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("erika@example.org", "", "erika@example.org"),
        ("<Erika@Example.ORG>", "", "erika@example.org"),
        ("Erika Muster <erika@example.org>", "Erika Muster", "erika@example.org"),
        ('"Muster, Erika" <erika@example.org>', "Muster, Erika", "erika@example.org"),
        ("Muster, Erika <erika@example.org>", "Muster, Erika", "erika@example.org"),
        ('"Erika \\"E\\" <x@y>" <erika@example.org>', 'Erika "E" <x@y>', "erika@example.org"),
        ("erika@example.org (Erika Muster)", "Erika Muster", "erika@example.org"),
        ("'Erika' <erika@example.org>", "Erika", "erika@example.org"),
        ('"Erika <erika@example.org>', "Erika", "erika@example.org"),
        ("=?utf-8?q?J=C3=B6rg?= <j@example.org>", "Jörg", "j@example.org"),
        ("=?x-none?q?J=C3=B6rg?= <j@example.org>", "Jörg", "j@example.org"),
        ("=?utf-8?b?S=?= <j@example.org>", "=?utf-8?b?S=?=", "j@example.org"),
        ("Erika Muster", "", "erikamuster"),
        ("<>", "", ""),
    ],
)
def test_sender(value: str, name: str, address: str) -> None:
    assert sender(value, set()) == (name, address)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a@x.de, B <b@x.de>,c@x.de", ("a@x.de", "b@x.de", "c@x.de")),
        ('"Nach, Vor" <a@x.de>, a@x.de', ("a@x.de",)),
        ("Amt: a@x.de, b@x.de;", ("a@x.de", "b@x.de")),
        ("undisclosed-recipients:;", ()),
        ("", ()),
    ],
)
def test_recipients(value: str, found: tuple[str, ...]) -> None:
    assert recipients([value]) == found


def test_a_header_in_raw_bytes_is_read_as_utf_8_or_windows_1252() -> None:
    raw = mail(subject="Müll").replace("ü".encode(), b"\xfc")
    assert read(raw).subject == "Müll"
    assert read(mail(subject="Müll")).subject == "Müll"


def test_encoded_words_side_by_side_are_put_together() -> None:
    subject = "=?utf-8?b?w7w=?=\n =?utf-8?b?w7w=?= und =?iso-8859-1?q?=FC?="
    assert read(mail(subject=subject)).subject == "üü und ü"


def test_a_thread_has_one_key() -> None:
    first = read(mail(message_id="<1@a.example>", subject="Müll"))
    reply = read(mail(message_id="<2@b.example>", in_reply_to="<1@a.example>"))
    later = read(mail(message_id="<3@a.example>", references="<1@a.example>\n\t<2@b.example>"))
    assert {m.thread_key for m in (first, reply, later)} == {"1@a.example"}
    assert later.references == ("1@a.example", "2@b.example")


def test_a_reply_to_a_middle_mail_names_its_parent() -> None:
    reply = read(mail(message_id="<4@a.example>", in_reply_to='Your mail of "Mo" <3@a.example>'))
    assert (reply.in_reply_to, reply.thread_key) == ("3@a.example", "3@a.example")


def test_without_any_id_subject_and_sender_make_the_thread() -> None:
    first, again = (
        read(mail(subject="Müll im Park")),
        read(mail(subject="AW: Re[2]: müll im  Park")),
    )
    other = read(mail(subject="Müll im Park", **{"from": "b@example.org"}))
    assert first.thread_key == again.thread_key
    assert first.thread_key.startswith("~")
    assert other.thread_key != first.thread_key


@pytest.mark.parametrize("mark", ["Re:", "RE: ", "AW:", "Aw: AW:", "WG:", "Fwd: Re:", "re[3]: "])
def test_reply_marks_are_stripped(mark: str) -> None:
    assert bare_subject(f"{mark} Regen in der Aula") == "regen in der aula"


def test_ids_without_brackets_and_with_folds() -> None:
    assert ids("1@a.example 2@a.example") == ("1@a.example", "2@a.example")
    assert ids("<long\n\t.1@a.example>") == ("long.1@a.example",)
    assert ids("<> < >") == ()


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("Thu, 01 Jan 1970 00:00:01 +0000", 1_000),
        ("Thu, 01 Jan 1970 01:00:01 +0100", 1_000),
        ("1 Jan 1970 00:00:01", 1_000),
        ("Wed, 31 Dec 1969 23:00:00 +0000", None),
        ("99 Foo 99999", None),
        ("Tue, 31 Feb 2026 10:00:00 +99999999999999999999", None),
        ("", None),
    ],
)
def test_dates(text: str, milliseconds: int | None) -> None:
    assert moment(text) == milliseconds


def test_without_a_date_the_newest_received_header_tells() -> None:
    raw = b"Received: by b; Thu, 01 Jan 1970 00:00:02 +0000\nReceived: by a; 1 Jan 1970\n" + mail(
        date="gestern"
    )
    found = read(raw)
    assert (found.sent_at, found.defects) == (2_000, ("date.invalid", "message_id.missing"))


@pytest.mark.parametrize(
    ("label", "content", "text"),
    [
        ("utf-8", "Straße".encode(), "Straße"),
        ("iso-8859-1", "Straße – “gut”".encode("cp1252"), "Straße – “gut”"),
        ("iso-8859-15", "5 €".encode("iso-8859-15"), "5 €"),
        ("us-ascii", "Straße".encode(), "Straße"),
        ("utf-8", "Straße".encode("cp1252"), "Straße"),
        ("x-unknown", "Straße".encode(), "Straße"),
        ("unicode-1-1-utf-7", b"ok", "ok"),
        ("iso-2022-jp", "あ".encode("iso-2022-jp"), "あ"),
        ("utf-16", "Straße".encode("utf-16"), "Straße"),
        ("idna", b"ok", "ok"),
        ("", "Straße".encode("cp1252"), "Straße"),
    ],
)
def test_charsets(label: str, content: bytes, text: str) -> None:
    assert read(mail(content, content_type=f'text/plain; charset="{label}"')).text == text


def test_plain_text_goes_before_its_html() -> None:
    plain = part(b"Klartext", content_type="text/plain")
    html = part(b"<p>HTML</p>", content_type="text/html")
    assert read(multipart([html, plain], "alternative")).text == "Klartext"
    assert (
        read(multipart([part(b" ", content_type="text/plain"), html], "alternative")).text == "HTML"
    )
    assert read(multipart([plain, html])).text == "Klartext\n\nHTML"


def test_html_reads_like_text() -> None:
    source = """<html><head><title>Titel</title><style>p {color: red}</style></head><body>
      <h1>Antrag</h1><p>Erste   Zeile<br>zweite &auml;</p>
      <div>eins</div><div>zwei</div>
      <ul><li>Ausweis<li>Foto</ul>
      <table><tr><td>Name<td>Muster</tr><tr><td>Ort</td><td>Berlin</td></tr></table>
      <a href="https://example.org/a?b=1&amp;c=2">Antrag</a>
      <a href="mailto:a@example.org">a@example.org</a> <a href="javascript:x()">weg</a>
      <img src="https://example.org/zaehler.gif"><script>alert(1)</script>
      <pre>a  b
  c</pre></body></html>"""
    assert readable(source, set()).split("\n") == [
        "Antrag",
        "",
        "Erste Zeile",
        "zweite ä",
        "",
        "eins",
        "zwei",
        "",
        "- Ausweis",
        "- Foto",
        "",
        "Name\tMuster",
        "Ort\tBerlin",
        "",
        "Antrag (https://example.org/a?b=1&c=2) a@example.org weg",
        "",
        "a  b",
        "  c",
    ]


def test_a_mail_in_mac_line_ends() -> None:
    found = read(mail("eins\nzwei", subject="alt").replace(b"\n", b"\r"))
    assert (found.subject, found.text) == ("alt", "eins\nzwei")


def test_a_body_without_a_blank_line_before_it_is_kept() -> None:
    found = read(b"From: a@example.org\nSubject: x\nGuten Tag\n\nText\n")
    assert (found.subject, found.text) == ("x", "Guten Tag\n\nText")
    assert "header.broken" in found.defects
