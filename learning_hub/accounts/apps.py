"""Accounts: the user, the roles, signing in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The floor's app of people."""

    name = "learning_hub.accounts"
    label = "accounts"
    verbose_name = "Accounts"
