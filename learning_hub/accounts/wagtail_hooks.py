"""Puts the rules about people's accounts into the admin."""

from wagtail import hooks

from learning_hub.accounts import user_admin

hooks.register("before_edit_user", user_admin.keep_superusers_to_themselves)
hooks.register("before_delete_user", user_admin.refuse_deletion)
hooks.register("before_bulk_action", user_admin.refuse_bulk_action)
