"""Feedback: problems that visitors report about a page."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """The room of feedback."""

    name = "learning_hub.feedback"
    label = "feedback"
    verbose_name = "Feedback"
