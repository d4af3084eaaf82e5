"""The addresses of alerts: asking, confirming, changing, ending."""

from django.urls import path

from case_studies.alerts import my_alerts, views

urlpatterns = [
    path("alerts/new/", views.new, name="alert_new"),
    path("alerts/confirm/<str:token>/", views.confirm, name="alert_confirm"),
    path("alerts/end/<str:token>/", views.end, name="alert_end"),
    path("my/alerts/", my_alerts.my_alerts, name="my_alerts"),
    path("my/alerts/<uuid:key>/change/", my_alerts.change, name="my_alert_change"),
    path("my/alerts/<uuid:key>/end/", my_alerts.end, name="my_alert_end"),
]
