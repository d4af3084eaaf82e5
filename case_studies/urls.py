"""The fixed addresses below /case-studies/; everything else there is in the page tree."""

from django.urls import path

from case_studies.comparison import compare
from case_studies.feed import feed

urlpatterns = [
    path("feed/", feed, name="case_study_feed"),
    path("compare/", compare, name="case_study_comparison"),
]
