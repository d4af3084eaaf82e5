"""The API of the hub: gathers the rooms' routers under one description."""

from ninja import NinjaAPI

from case_studies.api import router as case_studies

api = NinjaAPI(
    title="Learning Hub",
    version="1",
    description=(
        "Training-recovery case studies, searched as on the pages. Answers show what the person "
        "who is signed in may see; without a session, what everyone may see. Errors are problem "
        "documents (RFC 9457)."
    ),
    docs_url=None,
    urls_namespace="api-v1",
)
api.add_router("/case-studies", case_studies, tags=["Case studies"])
