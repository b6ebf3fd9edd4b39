"""A payment provider by XBezahldienste 1.0: begin a transaction, ask for its state.

Fields and addresses are the published ones: ``paymenttransaction/{originatorId}/{endPointId}``, the
amount in ``grosAmount``, a purpose of at most 27 letters, digits, blanks and hyphens, the state in
``paymentInformation.status``. The provider is told by OAuth2 (client credentials) or by a client
certificate who asks.
"""

import re
import ssl
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from clerk.i18n import _
from clerk.office_settings import OnlinePaymentSettings
from clerk.refusal import Refused, refuse
from storage.terms import OnlineState

if TYPE_CHECKING:
    import httpx

_SECONDS = 10.0
_LONGEST_PURPOSE = 27
_NOT_IN_A_PURPOSE = re.compile(r"[^\w\s-]")
_STATES = {
    "INITIAL": OnlineState.WAITING,
    "PAYED": OnlineState.PAID,
    "FAILED": OnlineState.FAILED,
    "CANCELED": OnlineState.CANCELED,
    "EXPIRED": OnlineState.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. ``request_id`` is ours: sent again, it means the same transaction."""

    request_id: str
    at: str  # ISO with zone
    cents: int
    reference: str
    description: str
    redirect: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the provider says of it; ``cents`` is the amount as it has it, 0 where it says none."""

    provider_id: str
    redirect: str
    state: OnlineState
    cents: int


def purpose(text: str) -> str:
    """As much of a text as a purpose may hold."""
    kept = _NOT_IN_A_PURPOSE.sub(" ", text)
    return " ".join(kept.split())[:_LONGEST_PURPOSE].strip()


class Provider:
    """The provider as one office's settings name it."""

    def __init__(
        self,
        settings: OnlinePaymentSettings,
        secret: str,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """``secret``: of the OAuth2 client; ``trusted``: whose certificates count, the system's
        where nothing is said. Refused ``online.not_set_up``."""
        if not (settings.url and settings.originator and settings.end_point):
            raise refuse(
                "online.not_set_up",
                _(
                    "Online payment is not set up: `clerk offices settings` with [online_payment]"
                    " names the provider."
                ),
            )
        self._settings = settings
        self._secret = secret
        self._trusted = trusted or ssl.create_default_context()
        if settings.certificate:
            try:
                self._trusted.load_cert_chain(settings.certificate)
            except (OSError, ssl.SSLError) as error:
                raise refuse(
                    "online.certificate",
                    _("The certificate {file} cannot be read.").format(file=settings.certificate),
                ) from error

    def begin(self, order: Order) -> Transaction:
        """A transaction for an order. Refused ``online.*``: the claim stays open."""
        body = {
            "requestId": order.request_id,
            "requestTimestamp": order.at,
            "currency": "EUR",
            "grosAmount": float(Decimal(order.cents) / 100),
            "purpose": purpose(order.reference),
            "description": order.description[:250],
            "redirectUrl": order.redirect,
            "items": [],
        }
        return self._ask("POST", "", body)

    def state(self, provider_id: str) -> Transaction:
        """What has become of a transaction. Refused ``online.*``."""
        return self._ask("GET", f"/{_path(provider_id)}", None)

    def _ask(self, method: str, path: str, body: dict[str, object] | None) -> Transaction:
        import httpx

        where = f"paymenttransaction/{_path(self._settings.originator)}"
        url = f"{self._settings.url.rstrip('/')}/{where}/{_path(self._settings.end_point)}{path}"
        try:
            with httpx.Client(
                timeout=_SECONDS, verify=self._trusted, follow_redirects=False
            ) as client:
                answer = client.request(method, url, json=body, headers=self._token(client))
        except httpx.HTTPError as error:
            raise _unreachable() from error
        if answer.status_code >= 500:
            raise _unreachable()
        if not answer.is_success:
            raise refuse(
                "online.refused",
                _("The payment provider refused it ({code}). The claim stays open.").format(
                    code=answer.status_code
                ),
            )
        return _transaction(answer)

    def _token(self, client: "httpx.Client") -> dict[str, str]:
        if not self._settings.token_url:
            return {}
        answer = client.post(
            self._settings.token_url,
            data={"grant_type": "client_credentials"},
            auth=(self._settings.client_id, self._secret),
        )
        token = _object(answer).get("access_token") if answer.is_success else None
        if not isinstance(token, str):
            raise refuse(
                "online.login",
                _("The payment provider does not know this office: check client id and secret."),
            )
        return {"Authorization": f"Bearer {token}"}


def _unreachable() -> Refused:
    return refuse(
        "online.unreachable",
        _("The payment provider cannot be reached. The claim stays open; try again later."),
    )


def _path(part: str) -> str:
    from urllib.parse import quote

    return quote(part, safe="")


def _object(answer: "httpx.Response") -> dict[str, object]:
    try:
        found: object = answer.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _transaction(answer: "httpx.Response") -> Transaction:
    """Refused ``online.answer`` for what is none: nothing is believed of it."""
    told = _object(answer)
    inner = told.get("paymentInformation")
    information: dict[str, object] = inner if isinstance(inner, dict) else {}
    asked = told.get("paymentRequest")
    request: dict[str, object] = asked if isinstance(asked, dict) else {}
    provider_id = information.get("transactionId")
    state = _STATES.get(str(information.get("status")))
    redirect = information.get("transactionRedirectUrl") or ""
    amount = request.get("grosAmount", 0)
    if (
        not isinstance(provider_id, str)
        or not 0 < len(provider_id) <= 200
        or state is None
        or not isinstance(redirect, str)
        or isinstance(amount, bool)
        or not isinstance(amount, int | float)
    ):
        raise refuse(
            "online.answer",
            _("The payment provider's answer cannot be read. The claim stays open."),
        )
    return Transaction(provider_id, redirect, state, round(Decimal(str(amount)) * 100))
