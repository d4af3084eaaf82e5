"""The addresses of certificates, and of what verifiers fetch."""

from django.urls import path

from syllabus.certificates import views

urlpatterns = [
    path("certificates/check/", views.check, name="certificate_check"),
    path("certificates/status/<int:number>", views.status, name="certificate_status"),
    path("certificates/<uuid:certificate_id>/", views.certificate_page, name="certificate"),
    path("certificates/<uuid:certificate_id>.pdf", views.certificate_pdf, name="certificate_pdf"),
    path(
        "certificates/<uuid:certificate_id>.json", views.certificate_json, name="certificate_json"
    ),
    path(".well-known/jwks.json", views.jwks, name="issuer_keys"),
    path(".well-known/did.json", views.did_document, name="issuer_identity"),
]
