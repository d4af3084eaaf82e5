"""The fixed addresses of guidance; everything else below /guidance/ is in the page tree."""

from django.urls import path

from learning_hub.guidance.feed import feed

urlpatterns = [path("feed/", feed, name="guidance_feed")]
