"""Keeps records as they were written: a row is added, never changed and never taken away."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "records are append-only"


class RecordIsFinal(Exception):
    """Something tried to change or delete a record. New facts are new records."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows to read and to add to."""

    def update(self, **values: Any) -> int:
        """Refuse. Raises RecordIsFinal."""
        raise RecordIsFinal(REFUSAL)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse. Raises RecordIsFinal."""
        raise RecordIsFinal(REFUSAL)


class AppendOnlyModel(models.Model):
    """A record. The database refuses changes too; see `guard_tables`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises RecordIsFinal where it is there already."""
        if not self._state.adding:
            raise RecordIsFinal(REFUSAL)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse. Raises RecordIsFinal."""
        raise RecordIsFinal(REFUSAL)


def guard_tables(app_config: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Let the database refuse changes of every append-only table.

    Runs after every migration and not as one: SQLite drops a table's triggers when a migration
    rebuilds it.
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in guarded_tables():
            if table in existing:
                for statement in _guards(connection, table):
                    cursor.execute(statement)


def guarded_tables() -> list[str]:
    """The tables of all append-only models, by name."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyModel)
    )


def _guards(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{action} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for action in ("update", "delete")
        ]
    refuse = (
        "CREATE OR REPLACE FUNCTION refuse_change_of_record() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$ LANGUAGE plpgsql"
    )
    return [refuse] + [
        f"CREATE OR REPLACE TRIGGER {table}_no_{action} BEFORE {action} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION refuse_change_of_record()"
        for action, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
    ]
