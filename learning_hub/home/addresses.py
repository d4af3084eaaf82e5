"""Addresses of pages in other rooms: promises to people outside, so no query has to find them."""

LIBRARY_ADDRESS = "/case-studies/"
SYLLABUS_ADDRESS = "/syllabus/"
