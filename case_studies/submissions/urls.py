"""The address at which the service sends in an initiative."""

from django.urls import path

from case_studies.submissions import views

urlpatterns = [
    path("share-your-initiative/", views.share, name="share_initiative"),
    path("share-your-initiative/thanks/", views.thanks, name="initiative_shared"),
]
