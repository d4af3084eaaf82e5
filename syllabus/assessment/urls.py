"""The addresses of the assessment."""

from django.urls import path

from syllabus.assessment import views

urlpatterns = [
    path("modules/<uuid:module_key>/assessment/", views.assessment, name="assessment"),
    path("attempts/<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("attempts/<uuid:attempt_id>/submit/", views.attempt_submit, name="attempt_submit"),
    path(
        "attempts/<uuid:attempt_id>/<int:position>/",
        views.attempt_question,
        name="attempt_question",
    ),
]
