"""What the resources add to the admin: the report of dead links."""

from wagtail import hooks

from learning_hub.resources.link_checking import report

hooks.register("register_admin_urls", report.admin_addresses)
hooks.register("register_reports_menu_item", report.menu_item)
