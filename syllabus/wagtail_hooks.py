"""What the syllabus adds to the admin."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from syllabus.certificates import admin as certificates_admin
from syllabus.editing.publication_warnings import warn_of_thin_outcomes
from syllabus.editing.question_bank import QuestionViewSet
from syllabus.reporting import admin_urls, menus

hooks.register("register_admin_urls", lambda: admin_urls.urlpatterns)
hooks.register("register_admin_urls", lambda: certificates_admin.urlpatterns)
hooks.register("register_admin_menu_item", certificates_admin.menu_item)
hooks.register("register_reports_menu_item", menus.completions_item)
hooks.register("register_reports_menu_item", menus.items_item)
hooks.register("register_snippet_listing_buttons", menus.question_buttons)
hooks.register("register_permissions", menus.report_permissions)
register_snippet(QuestionViewSet)
hooks.register("after_publish_page", warn_of_thin_outcomes)
