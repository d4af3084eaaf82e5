"""The addresses of the hall: my hub and my profile."""

from django.urls import path

from learning_hub.home.my_hub import views

urlpatterns = [
    path("my/", views.my_hub, name="my_hub"),
    path("my/profile/", views.profile, name="profile"),
    path("reminders/stop/<str:token>/", views.stop, name="reminders_stop"),
]
