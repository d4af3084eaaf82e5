"""What feedback adds to the admin."""

from wagtail import hooks

from learning_hub.feedback import admin

hooks.register("register_admin_viewset", lambda: admin.ProblemReportViewSet())
hooks.register("construct_homepage_summary_items", admin.add_summary)
hooks.register("register_log_actions", admin.name_log_actions)
