"""The patient safety syllabus: modules that trainees complete, and the record that proves it."""

from django.apps import AppConfig


class SyllabusConfig(AppConfig):
    """The room of the syllabus."""

    name = "syllabus"
    verbose_name = "Syllabus"

    def ready(self) -> None:
        """Guard the records in the database itself, and announce the pages to search.

        The guards come back after each migration, whatever it did to their tables.
        """
        from django.db.models.signals import post_migrate

        from search import registry
        from syllabus.append_only import guard_tables
        from syllabus.studying.documents import LessonSource, ModuleSource

        post_migrate.connect(guard_tables, sender=self, dispatch_uid="syllabus.append_only")
        registry.register_source(ModuleSource())
        registry.register_source(LessonSource())
