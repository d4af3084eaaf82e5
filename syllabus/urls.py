"""The fixed addresses of the syllabus; its pages are in the page tree."""

from django.urls import URLPattern, URLResolver, include, path

from syllabus.record import sharing_views
from syllabus.record import views as record_views
from syllabus.studying import steps

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("syllabus.certificates.urls")),
    path("learning/", include("syllabus.assessment.urls")),
    path("learning/modules/<uuid:module_key>/start/", steps.start_module, name="module_start"),
    path("learning/lessons/<uuid:lesson_key>/read/", steps.read_lesson, name="lesson_read"),
    path(
        "learning/modules/<uuid:module_key>/acknowledge/",
        steps.acknowledge_module,
        name="module_acknowledge",
    ),
    path("my/record/", record_views.my_record, name="my_record"),
    path("my/record.csv", record_views.record_csv, name="record_csv"),
    path("my/record.json", record_views.record_json, name="record_json"),
    path("my/record.pdf", record_views.record_pdf, name="record_pdf"),
    path("my/record/statements.json", record_views.record_statements, name="record_statements"),
    path("my/record/sharing/", sharing_views.share_record, name="sharing"),
    path(
        "my/record/sharing/<uuid:share_id>/stop/", sharing_views.stop_sharing, name="stop_sharing"
    ),
    path("my/shared-with-me/", sharing_views.shared_records, name="shared_records"),
    path("my/shared-with-me/<uuid:share_id>/", sharing_views.shared_record, name="shared_record"),
]
