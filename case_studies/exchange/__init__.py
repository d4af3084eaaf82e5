"""Case studies in and out: files that other systems and spreadsheets can read and write."""
