"""The assessment as a trainee takes it: one question a page, saved as it is answered."""
