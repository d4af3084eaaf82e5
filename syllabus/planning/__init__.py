"""What a trainee should do and when: deadlines, recommendations, reminders."""
