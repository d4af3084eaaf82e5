"""The address at which visitors report a problem."""

from django.urls import path

from learning_hub.feedback import views

urlpatterns = [
    path("report-a-problem/", views.report, name="report_problem"),
    path("report-a-problem/thanks/", views.thanks, name="problem_reported"),
]
