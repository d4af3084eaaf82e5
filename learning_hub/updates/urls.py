"""The fixed addresses of updates; everything else below /updates/ is in the page tree."""

from django.urls import path

from learning_hub.updates.feed import feed

urlpatterns = [path("feed/", feed, name="update_feed")]
