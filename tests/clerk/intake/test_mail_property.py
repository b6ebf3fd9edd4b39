"""Whatever the bytes are: no exception, and only storable text."""

from hypothesis import example, given
from hypothesis import strategies as st

from clerk.intake.message import ParsedMail, Quarantine
from clerk.intake.parse import parse
from clerk.intake.readable import readable
from clerk.intake.ready import ready
from clerk.intake.wire import pack_results, unpack_results
from storage.folding import Words
from tests.clerk.intake.corpora import storable

NAMES = [
    b"From",
    b"To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"References",
    b"In-Reply-To",
    b"Content-Type",
    b"Content-Disposition",
    b"Content-Transfer-Encoding",
    b"Received",
    b"X-Any",
]
VALUES = [
    b'multipart/mixed; boundary="b"',
    b"multipart/alternative; boundary=b",
    b"text/html; charset=utf-7",
    b"text/plain; charset=unknown-8bit",
    b"text/plain; charset=idna",
    b"message/rfc822",
    b"attachment; filename*0*=utf-8''%e4; filename*1=b",
    b"base64",
    b"quoted-printable",
    b"x-uuencode",
    b"=?utf-8?b?w6Q?= =?x?q?=ff?=",
    b'<a@b> (c) "d" <e@f>',
    b"Mon, 99 Foo 99999 99:99:99 +9999",
]
LINES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"", b"--b", b"--b--", b"<p>x<br>", b"begin 644 x", b"#0V%T", b"="]),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.binary(max_size=40)).map(
        lambda pair: pair[0] + b": " + pair[1]
    ),
)
MAILS = st.one_of(
    st.binary(max_size=400),
    st.tuples(st.lists(LINES, max_size=25), st.sampled_from([b"\n", b"\r\n", b"\r"])).map(
        lambda pair: pair[1].join(pair[0])
    ),
)


@given(MAILS)
@example(b"From: \xed\xa0\x80")
def test_arbitrary_bytes_never_raise(raw: bytes) -> None:
    found = parse(raw)
    if isinstance(found, Quarantine):
        # The net for what nobody foresaw must hold nothing: each case has a rule of its own.
        assert found.code in ("mail.empty", "mail.no_header")
    else:
        assert storable(found)
        assert found.thread_key
    assert parse(raw) == found


@given(MAILS)
def test_a_result_is_the_same_after_its_way_through_a_pipe(raw: bytes) -> None:
    result = ready(None, raw, "", Words())
    assert unpack_results(pack_results([result, None])) == [result, None]


@given(st.text(max_size=300))
def test_arbitrary_html_never_raises(source: str) -> None:
    defects: set[str] = set()
    text = readable(source, defects)
    assert "\x01" not in text
    assert "\x04" not in text


@given(st.text(alphabet="<>/ abpdivtrscol=\"'&;#x1\n", max_size=300))
def test_tag_soup_never_raises(source: str) -> None:
    assert isinstance(readable(source, set()), str)


def test_a_surrogate_from_a_codec_does_not_reach_the_store() -> None:
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=utf-7\n\n+2AA-x"
    found = parse(raw)
    assert isinstance(found, ParsedMail)
    assert storable(found)
