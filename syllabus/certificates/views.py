"""The pages and files of a certificate, and what verifiers fetch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning_hub.exports.pdf import PdfUnavailable, tagged_pdf
from learning_hub.pages.origin import origin
from syllabus.certificates import issuer, jose
from syllabus.certificates.credential import level_name, status_list_url
from syllabus.certificates.forms import CheckForm
from syllabus.certificates.status_list import status_list_credential
from syllabus.certificates.validity import validity
from syllabus.certificates.verifying import Credential, NotGenuine, enveloped, verify
from syllabus.models import Certificate, Revocation


@require_safe
@never_cache
def certificate_page(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """A certificate, and whether it counts now, for anyone who has its address."""
    certificate = _certificate(certificate_id)
    return _unlisted(render(request, "syllabus/certificate/page.html", _facts(certificate)))


@require_safe
@never_cache
def certificate_pdf(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The certificate on paper, with its credential inside."""
    certificate = _certificate(certificate_id)
    html = render_to_string("syllabus/certificate/paper.html", _facts(certificate))
    try:
        content = tagged_pdf(
            html,
            base_url=f"{origin()}/",
            attachments={_name(certificate, "json"): enveloped(certificate.credential)},
        )
    except PdfUnavailable as problem:
        facts = {**_facts(certificate), "problem": str(problem)}
        return render(request, "syllabus/certificate/no_pdf.html", facts, status=503)
    return _file(content, "application/pdf", _name(certificate, "pdf"))


@require_safe
def certificate_json(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The credential as it was signed, for anyone to verify without us."""
    certificate = _certificate(certificate_id)
    content = enveloped(certificate.credential)
    return _file(content, "application/json", _name(certificate, "json"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Check a certificate by its number, or the credential that somebody showed."""
    if request.method != "POST":
        return render(request, "syllabus/certificate/check.html", {"form": CheckForm()})
    form = CheckForm(request.POST, request.FILES)
    if form.is_valid() and (number := form.cleaned_data.get("number")):
        if Certificate.objects.filter(pk=number).exists():
            return redirect("certificate", number)
        form.add_error("certificate", "There is no certificate with this number.")
    if not form.is_valid():
        return render(request, "syllabus/certificate/check.html", {"form": form}, status=400)
    verdict = _verdict(form.cleaned_data["token"])
    return render(request, "syllabus/certificate/verdict.html", verdict)


@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """The list of revocations with this number, signed."""
    if not Certificate.objects.filter(status_list=number).exists():
        raise Http404
    at = timezone.now()
    revoked = Revocation.objects.filter(certificate__status_list=number)
    key = issuer.signing_key(at)
    payload = status_list_credential(
        url=status_list_url(number),
        issuer_id=issuer.did(),
        revoked=revoked.values_list("certificate__status_index", flat=True),
        at=at,
    )
    token = jose.sign(payload, key=key, key_url=issuer.key_url(key))
    response = HttpResponse(token, content_type="application/vc+jwt")
    response.headers["Cache-Control"] = "public, max-age=300"
    return _for_anyone(response)


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The issuer's public keys, old ones too."""
    return _for_anyone(JsonResponse(issuer.jwks(), content_type="application/jwk-set+json"))


@require_safe
def did_document(request: HttpRequest) -> HttpResponse:
    """Who the issuer is, and which keys speak for it."""
    return _for_anyone(JsonResponse(issuer.did_document(), content_type="application/did+json"))


def _certificate(certificate_id: UUID) -> Certificate:
    found: Certificate = get_object_or_404(Certificate.objects.shown(), pk=certificate_id)
    return found


def _facts(certificate: Certificate) -> dict[str, Any]:
    completion = certificate.completion
    return {
        "certificate": certificate,
        "edition": completion.edition,
        "facts": completion.edition.facts,
        "level": level_name(completion.edition.facts["level"]),
        "submission": completion.submission,
        "validity": validity(certificate, timezone.now()),
        "address": _address(certificate),
        "check_address": f"{origin()}{reverse('certificate_check')}",
        "qr": segno.make(_address(certificate), error="m", micro=False).svg_data_uri(
            scale=4, border=4, dark="#12363f", light="#fff"
        ),
        "issuer": issuer,
    }


def _verdict(token: str) -> dict[str, Any]:
    """What to say of a token: a problem, or the credential and its certificate."""
    try:
        credential = verify(token, jose.public_keys(issuer.jwks()))
    except NotGenuine as problem:
        return {"problem": str(problem)}
    certificate = _issued(credential, token)
    return {
        "credential": credential,
        "certificate": certificate,
        "validity": validity(certificate, timezone.now()) if certificate else None,
    }


def _issued(credential: Credential, token: str) -> Certificate | None:
    found: Certificate | None = (
        Certificate.objects.shown().filter(key_id=credential.key_id, credential=token).first()
    )
    return found


def _address(certificate: Certificate) -> str:
    return f"{origin()}{certificate.get_absolute_url()}"


def _name(certificate: Certificate, ending: str) -> str:
    return f"certificate-{certificate.pk}.{ending}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _unlisted(response)


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep it out of search engines."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _for_anyone(response: HttpResponse) -> HttpResponse:
    """Let a verifier in a browser read it from another site."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
