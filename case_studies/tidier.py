"""What was done, item by item, in the order of the TIDieR checklist (doi:10.1136/bmj.g1687)."""

# The study's field and the heading that readers see.
DESCRIPTION = (
    ("why", "Why"),
    ("materials", "What was used"),
    ("procedures", "What was done"),
    ("who_provided", "Who provided it"),
    ("how_delivered", "How"),
    ("where_delivered", "Where"),
    ("when_and_how_much", "When and how much"),
    ("tailoring", "What was tailored"),
    ("modifications", "What changed along the way"),
    ("how_well_planned", "How keeping to the plan was checked"),
    ("how_well_actual", "How far the plan was kept to"),
)
FIELDS = tuple(field for field, _ in DESCRIPTION)
