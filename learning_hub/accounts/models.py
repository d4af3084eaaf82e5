"""The user, who signs in with an e-mail address, and where she is in training."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes users from an e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Save a user. Raises ValueError where there is no address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Save a user who may do everything."""
        fields.setdefault("is_staff", True)
        fields.setdefault("is_superuser", True)
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this address, however it is capitalised."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the only name that signs in."""

    email = models.EmailField("e-mail address", unique=True)
    first_name = models.CharField("first name", max_length=150, blank=True)
    last_name = models.CharField("last name", max_length=150, blank=True)
    is_staff = models.BooleanField("staff", default=False)
    is_active = models.BooleanField("active", default=True)
    date_joined = models.DateTimeField("joined", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
        ]

    def clean(self) -> None:
        """Write the address as the manager and the sign-in page do."""
        super().clean()
        self.email = self.email.strip().lower()

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        """First and last name, or an empty text."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """The first name, or the part of the address before the @."""
        return self.first_name or self.email.partition("@")[0]


FULL_TIME = 100
LEAST_TIME = 20


class TraineeProfile(models.Model):
    """Where a person is in training; what is recommended and due follows from it.

    Terms are named by text, since accounts stand beside the vocabularies and not above them.
    """

    class Reminders(models.TextChoices):
        """How often we write about what falls due or expires."""

        NEVER = "never", "Never"
        WEEKLY = "weekly", "Once a week at most"
        MONTHLY = "monthly", "Once a month at most"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    stage = models.ForeignKey(
        "taxonomy.TraineeStage", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grade = models.ForeignKey(
        "taxonomy.Grade", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    specialty = models.ForeignKey(
        "taxonomy.Specialty", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        "taxonomy.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    working_percent = models.PositiveSmallIntegerField(
        "share of full time (%)",
        default=FULL_TIME,
        validators=[MinValueValidator(LEAST_TIME), MaxValueValidator(FULL_TIME)],
    )
    training_started_on = models.DateField("start of training", null=True, blank=True)
    reminders = models.CharField(
        max_length=8, choices=Reminders, default=Reminders.NEVER, db_default=Reminders.NEVER
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(working_percent__gte=LEAST_TIME, working_percent__lte=FULL_TIME),
                name="working_percent_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Profile of {self.user}"

    def due_on(self, weeks: int) -> dt.date:
        """The day by which something is due that someone full time does in `weeks` weeks.

        Less time at work means longer to do it: the weeks are divided by the share of full time
        and rounded up to whole days.
        """
        days = -(-weeks * 7 * FULL_TIME // self.working_percent)
        return self.counts_from + dt.timedelta(days=days)

    @property
    def counts_from(self) -> dt.date:
        """The day from which deadlines count: the start of training, or of the account."""
        return self.training_started_on or timezone.localdate(self.user.date_joined)
