"""Words a completion as an Open Badges 3.0 credential."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from learning_hub.pages.origin import origin
from syllabus.certificates import issuer
from syllabus.models import Certificate, Completion, CompletionRule, ModuleEdition

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
_DONE = {
    CompletionRule.VIEWED: "Read every lesson.",
    CompletionRule.ACKNOWLEDGED: "Read every lesson, and confirmed this statement: {statement}",
    CompletionRule.PASSED: "Read every lesson and passed the assessment ({pass_percent}% or more).",
}


def credential_of(certificate: Certificate) -> dict[str, Any]:
    """The payload to sign for a certificate that has all but its credential.

    It attests the edition that was completed, whatever became of the module's page since.
    """
    completion = certificate.completion
    subject_id = _urn(completion, "holder")
    address = f"{origin()}{certificate.get_absolute_url()}"
    payload = {
        "@context": CONTEXT,
        "id": address,
        "type": TYPES,
        "name": completion.edition.title,
        "issuer": {
            "id": issuer.did(),
            "type": ["Profile"],
            "name": issuer.NAME,
            "url": origin(),
            "description": issuer.ABOUT,
        },
        "validFrom": _moment(certificate.issued_at),
        "credentialSubject": _subject(certificate, subject_id),
        "credentialStatus": _status(certificate),
        "iss": issuer.did(),
        "jti": address,
        "sub": subject_id,
        "nbf": int(certificate.issued_at.timestamp()),
    }
    if completion.expires_at:
        payload["validUntil"] = _moment(completion.expires_at)
        payload["exp"] = int(completion.expires_at.timestamp())
    return payload


def status_list_url(number: int) -> str:
    """Where the revocation list with this number is published."""
    return f"{origin()}/certificates/status/{number}"


def _subject(certificate: Certificate, subject_id: str) -> dict[str, Any]:
    completion = certificate.completion
    score_id = _urn(completion.edition, "score")
    subject: dict[str, Any] = {
        "id": subject_id,
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": certificate.holder_name,
                "identityType": "name",
            }
        ],
        "achievement": _achievement(completion.edition, score_id),
    }
    if completion.submission:
        subject["result"] = [
            {
                "type": ["Result"],
                "resultDescription": score_id,
                "value": str(completion.submission.percent),
            }
        ]
    return subject


def _achievement(edition: ModuleEdition, score_id: str) -> dict[str, Any]:
    facts = edition.facts
    achievement: dict[str, Any] = {
        "id": _urn(edition, "achievement"),
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": facts["title"],
        "version": str(facts["version"]),
        "humanCode": level_name(facts["level"]),
        "description": facts["introduction"],
        "criteria": {"narrative": criteria(facts)},
        "inLanguage": "en-GB",
    }
    if facts["domains"]:
        achievement["tag"] = facts["domains"]
    if facts["completion_rule"] == CompletionRule.PASSED:
        achievement["resultDescription"] = [
            {
                "id": score_id,
                "type": ["ResultDescription"],
                "name": "Score in the assessment",
                "resultType": "Percent",
                "requiredValue": str(facts["pass_percent"]),
                "valueMin": "0",
                "valueMax": "100",
            }
        ]
    return achievement


def level_name(level: str) -> str:
    """A level of the syllabus in words."""
    return f"Levels {level.replace('-', ' and ')}" if "-" in level else f"Level {level}"


def criteria(facts: dict[str, Any]) -> str:
    """What had to be done, and what was learned."""
    done = _DONE[CompletionRule(facts["completion_rule"])].format_map(facts)
    outcomes = "".join(f"\n- {outcome}" for outcome in facts["outcomes"])
    return f"{done} Learning outcomes:{outcomes}" if outcomes else done


def _status(certificate: Certificate) -> dict[str, str]:
    url = status_list_url(certificate.status_list)
    return {
        "id": f"{url}#{certificate.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(certificate.status_index),
        "statusListCredential": url,
    }


def _urn(of: Completion | ModuleEdition, what: str) -> str:
    """A name that is the same each time, and by which nobody is known elsewhere."""
    seed = of.digest if isinstance(of, ModuleEdition) else of.pk.hex
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'{what} {seed}')}"


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
