"""The names of the roles; a migration makes them, with what each may do."""

TRAINEES = "Trainees"
TRAINERS = "Trainers"
EDITORS = "Editors"
MODERATORS = "Moderators"
ADMINISTRATORS = "Administrators"
ROLES = (TRAINEES, TRAINERS, EDITORS, MODERATORS, ADMINISTRATORS)
