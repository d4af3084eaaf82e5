"""The fixed addresses of events; everything else below /events/ is in the page tree."""

from django.urls import path

from learning_hub.events.views import event_calendar, events_calendar, events_feed

urlpatterns = [
    path("calendar.ics", events_calendar, name="events_calendar"),
    path("feed/", events_feed, name="events_feed"),
    path("<str:slug>/calendar.ics", event_calendar, name="event_calendar"),
]
