"""What submissions add to the admin."""

from wagtail import hooks

from case_studies.submissions import admin, admin_decisions

hooks.register("register_admin_viewset", lambda: admin.InitiativeViewSet())
hooks.register("register_admin_urls", lambda: admin_decisions.urlpatterns)
hooks.register("construct_homepage_summary_items", admin.add_summary)
hooks.register("register_page_header_buttons", admin.way_back)
hooks.register("register_log_actions", admin.name_log_actions)
