"""Wagtail's app of people, with our views of their accounts."""

from wagtail.users.apps import WagtailUsersAppConfig


class HubUsersConfig(WagtailUsersAppConfig):
    """Named apart from the views, which need models and so cannot be read before them."""

    user_viewset = "learning_hub.accounts.user_admin.HubUserViewSet"
