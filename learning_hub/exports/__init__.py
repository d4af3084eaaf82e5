"""What people take away as files: PDF, and cells that no spreadsheet runs."""
