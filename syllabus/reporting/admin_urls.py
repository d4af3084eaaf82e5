"""The addresses of the reports, below that of the admin."""

from django.urls import path

from syllabus.reporting import completion_views, item_views

urlpatterns = [
    path(
        "reports/syllabus-completions/", completion_views.completions, name="syllabus_completions"
    ),
    path("reports/syllabus-items/", item_views.modules, name="syllabus_item_modules"),
    path(
        "reports/syllabus-items/<uuid:module_key>/", item_views.module_items, name="syllabus_items"
    ),
    path(
        "reports/syllabus-items/questions/<uuid:key>/",
        item_views.question_items,
        name="syllabus_question_items",
    ),
]
