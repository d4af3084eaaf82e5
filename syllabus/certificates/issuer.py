"""Who issues certificates, and the keys that it signs with and publishes for ever."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import transaction
from joserfc.jwk import OKPKey

from learning_hub.pages.origin import origin
from syllabus.certificates import key_files
from syllabus.models import IssuerKey

NAME = "Learning Hub"
ABOUT = (
    "A demonstration by a fictional organisation. It is not an NHS service "
    "and not part of any public body."
)
logger = logging.getLogger(__name__)


def did() -> str:
    """The issuer's decentralised identifier, by the method `web`: the site's host and port."""
    return f"did:web:{quote(urlsplit(origin()).netloc, safe='')}"


def key_url(key: OKPKey) -> str:
    """Where a credential says that its key is found."""
    return f"{did()}#{key.thumbprint()}"


@transaction.atomic
def signing_key(at: dt.datetime) -> OKPKey:
    """The private half of the newest key, made where there is none.

    Where its file was lost, a new key is made: a trainee's completion must not wait for it, and
    what the lost key signed can be verified as before.
    """
    newest = IssuerKey.objects.order_by("pk").last()
    if newest is not None:
        kept = key_files.private_keys().get(newest.key_id)
        if kept is not None:
            return kept
        logger.error("The issuer key %s was lost; a new one takes its place.", newest.key_id)
    return rotate(at=at)


@transaction.atomic
def rotate(*, at: dt.datetime) -> OKPKey:
    """Make the next key, publish it, and sign with it from now on."""
    key = key_files.make_key(IssuerKey.objects.count() + 1)
    key_id = key.thumbprint()
    IssuerKey.objects.get_or_create(
        key_id=key_id,
        defaults={"public_jwk": _public_jwk(key, key_id), "created_at": at},
    )
    key_files.publish(jwks()["keys"])
    return key


def jwks() -> dict[str, Any]:
    """Every public key there ever was, the newest first, as a JSON Web Key Set. One query."""
    return {"keys": [row.public_jwk for row in IssuerKey.objects.order_by("-pk")]}


def did_document() -> dict[str, Any]:
    """The document that the issuer's identifier leads to. One query."""
    issuer = did()
    methods = [
        {
            "id": f"{issuer}#{jwk['kid']}",
            "type": "JsonWebKey",
            "controller": issuer,
            "publicKeyJwk": jwk,
        }
        for jwk in jwks()["keys"]
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _public_jwk(key: OKPKey, key_id: str) -> dict[str, Any]:
    public = key.as_dict(private=False)
    return {
        "kty": public["kty"],
        "crv": public["crv"],
        "x": public["x"],
        "kid": key_id,
        "use": "sig",
        "alg": "EdDSA",
    }
