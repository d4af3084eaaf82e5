"""The admin's list of certificates, and the page on which one is revoked."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem

from learning_hub.accounts.models import User
from syllabus.certificates.forms import RevokeForm
from syllabus.certificates.revoking import AlreadyRevoked, revoke
from syllabus.models import Certificate

PERMISSION = "syllabus.add_revocation"
PER_PAGE = 50
_permitted = permission_required(PERMISSION, raise_exception=True)


class CertificatesMenuItem(MenuItem):
    """Leads to the list, for those who may revoke."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may."""
        return bool(request.user.has_perm(PERMISSION))


def menu_item() -> CertificatesMenuItem:
    """The entry of the admin's menu."""
    address = reverse("certificates_admin")
    return CertificatesMenuItem("Certificates", address, icon_name="clipboard-list", order=420)


@require_safe
@_permitted
def listing(request: HttpRequest) -> HttpResponse:
    """The certificates, newest first, by `q`: a part of a name, a module or a number."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    pages = Paginator(_found(wanted), PER_PAGE)
    context = {"page": pages.get_page(request.GET.get("p")), "q": wanted, "at": timezone.now()}
    return render(request, "syllabus/certificate/admin_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_permitted
def revocation(request: HttpRequest, certificate_id: str) -> HttpResponse:
    """Ask why a certificate is to be revoked, and revoke it."""
    certificate = get_object_or_404(Certificate.objects.shown(), pk=certificate_id)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            revoke(
                certificate=certificate,
                reason=form.cleaned_data["reason"],
                by=cast(User, request.user),  # the permission needs signing in
                at=timezone.now(),
            )
            messages.success(request, f"The certificate of {certificate.holder_name} is revoked.")
        except AlreadyRevoked as refusal:
            messages.error(request, str(refusal))
        return redirect("certificates_admin")
    context = {"certificate": certificate, "form": form}
    return render(request, "syllabus/certificate/admin_revoke.html", context)


def _found(wanted: str) -> QuerySet[Certificate]:
    certificates = Certificate.objects.shown().order_by("-issued_at", "pk")
    if not wanted:
        return certificates
    number = wanted.replace("-", "").lower()
    by_number = Q(pk=number) if _is_number(number) else Q()
    return certificates.filter(
        Q(holder_name__icontains=wanted)
        | Q(completion__edition__facts__title__icontains=wanted)
        | by_number
    )


def _is_number(text: str) -> bool:
    return len(text) == 32 and all(character in "0123456789abcdef" for character in text)


urlpatterns: list[URLPattern] = [
    path("certificates/", listing, name="certificates_admin"),
    path("certificates/<uuid:certificate_id>/revoke/", revocation, name="certificate_revoke"),
]
