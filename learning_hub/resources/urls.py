"""The fixed addresses of resources; everything else below /resources/ is in the page tree."""

from django.urls import path

from learning_hub.resources.feed import feed

urlpatterns = [path("feed/", feed, name="resource_feed")]
