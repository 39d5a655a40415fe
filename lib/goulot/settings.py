"""client.yml: every setting, its unit and its bounds; a mistake is an error that says the cure."""

from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from goulot.errors import SettingsError, closest
from goulot.fields import CHANNELS
from goulot.levers import Lever
from goulot.lift_tests import LiftTest
from goulot.pasting import load_merging
from goulot.planned import CalendarEvent
from goulot.service import Service
from goulot.timezones import time_zones
from goulot.weekdays import working_days


class Section(BaseModel):
    """A part of client.yml: an unknown key is an error, and nothing is changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Consultant(Section):
    """Whose name is on the report."""

    name: str = ""
    email: str = ""
    logo: str = ""
    accent: str = Field("#0b6e4f", pattern=r"^#[0-9a-fA-F]{6}$")


class Economics(Section):
    """What an order and a customer are worth. Shares are 0 to 1; the discount rate is a year's."""

    gross_margin: float | None = Field(None, ge=0, le=1)
    payment_fee: float | None = Field(None, ge=0, le=1)
    discount_rate: float | None = Field(None, ge=0, le=1)
    horizon_months: int | None = Field(None, ge=1, le=120)


class FulfillmentCapacity(Section):
    """Declared pick-pack capacity [orders a working day] and its cost [currency an order].

    ``parcel_cost``: what the carrier takes [currency an order], where no export tells it.
    """

    orders_per_day: float | None = Field(None, gt=0)
    cost_per_order: float | None = Field(None, ge=0)
    parcel_cost: float | None = Field(None, ge=0)
    days: str = "mon-sat"
    hours: str = Field("08:00-18:00", pattern=r"^([01]\d|2[0-3]):00-([01]\d|2[0-4]):00$")

    @field_validator("days")
    @classmethod
    def _days_are_known(cls, text: str) -> str:
        working_days(text)
        return text

    @field_validator("hours")
    @classmethod
    def _closes_after_it_opens(cls, text: str) -> str:
        opens, closes = text.split("-")
        if closes <= opens:
            raise ValueError("closes before it opens: write 08:00-18:00")
        return text

    @property
    def days_per_week(self) -> int:
        return len(working_days(self.days))

    @property
    def per_week(self) -> float | None:
        """Orders that can be packed in a week, over the working days."""
        return None if self.orders_per_day is None else self.orders_per_day * self.days_per_week


class SupportCapacity(Section):
    """Declared support: agents, tickets an agent closes an hour, opening hours, target reply."""

    agents: float | None = Field(None, gt=0)
    tickets_per_agent_hour: float | None = Field(None, gt=0)
    hours: str = Field("09:00-18:00", pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")
    days: str = "mon-fri"
    target_minutes: float = Field(240, gt=0)

    @field_validator("days")
    @classmethod
    def _days_are_known(cls, text: str) -> str:
        working_days(text)
        return text

    @property
    def hours_per_week(self) -> float:
        opens, closes = (int(t[:2]) + int(t[3:]) / 60 for t in self.hours.split("-"))
        return (closes - opens) * len(working_days(self.days))

    @property
    def per_week(self) -> float | None:
        """Tickets that all agents can close in a week of opening hours."""
        if self.agents is None or self.tickets_per_agent_hour is None:
            return None
        return self.agents * self.tickets_per_agent_hour * self.hours_per_week


class SupplyCapacity(Section):
    """Declared supply [units a week]."""

    units_per_week: float | None = Field(None, gt=0)


class OnboardingCapacity(Section):
    """Declared onboarding [accounts a week]."""

    accounts_per_week: float | None = Field(None, gt=0)


class Capacity(Section):
    """What the client declares; whatever is left out is inferred from the data."""

    fulfillment: FulfillmentCapacity = FulfillmentCapacity()
    support: SupportCapacity = SupportCapacity()
    supply: SupplyCapacity = SupplyCapacity()
    onboarding: OnboardingCapacity = OnboardingCapacity()

    @property
    def per_week(self) -> dict[str, float]:
        """Declared capacity a week, by stage: orders, tickets, units, accounts."""
        declared = {
            "fulfillment": self.fulfillment.per_week,
            "support": self.support.per_week,
            "supply": self.supply.units_per_week,
            "onboarding": self.onboarding.accounts_per_week,
        }
        return {stage: capacity for stage, capacity in declared.items() if capacity is not None}


class Delivery(Section):
    """What the shop promises its customers: delivery days from the order to the door.

    A parcel whose export has a promise of its own is held against that one.
    """

    promised_days: int | None = Field(None, ge=0, le=60)
    days: Literal["mon-fri", "mon-sat", "mon-sun"] = "mon-sat"

    @property
    def week_days(self) -> int:
        return len(working_days(self.days))


class ChannelRules(Section):
    """Rules from a text to a channel's name; ``*`` in the text stands for anything."""

    codes: dict[str, str] = {}  # discount code: LEA15, NEWS*
    utm: dict[str, str] = {}  # source / medium: "newsletter / *"
    sources: dict[str, str] = {}  # the shop's own source: "580111"
    campaigns: dict[str, str] = {}  # advertising campaign: "Influence *"

    @field_validator("codes", "utm", "sources", "campaigns")
    @classmethod
    def _channels_are_known(cls, rules: dict[str, str]) -> dict[str, str]:
        for channel in rules.values():
            if channel not in CHANNELS:
                near = closest(channel, CHANNELS) or ", ".join(CHANNELS)
                raise ValueError(f"names the channel {channel!r}; the closest is {near!r}")
        return rules


class Privacy(Section):
    keep_customer_keys: bool = True


class ClientSettings(Section):
    """client.yml. Only the name, the currency and the time zone must be there."""

    name: str = Field(min_length=1)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    timezone: str
    kind: Literal["ecommerce", "saas"] = "ecommerce"
    language: Literal["fr", "en"] = "en"
    consultant: Consultant = Consultant()
    exports: dict[str, dict[str, Any]] = {}
    shops: dict[str, str] = {}  # name of a shop: which files are its own, as in "uk/*"
    channels: ChannelRules = ChannelRules()
    economics: Economics = Economics()
    capacity: Capacity = Capacity()
    delivery: Delivery = Delivery()
    service: Service = Service()
    levers: list[Lever] = []
    calendar: list[CalendarEvent] = []
    calendar_file: str = ""  # a CSV beside client.yml; calendar: plan.csv says the same
    lift_tests: list[LiftTest] = []
    privacy: Privacy = Privacy()

    @model_validator(mode="before")
    @classmethod
    def _calendar_may_be_a_file(cls, content: Any) -> Any:
        if isinstance(content, dict) and isinstance(content.get("calendar"), str):
            content = content | {"calendar": [], "calendar_file": content["calendar"]}
        return content

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, name: str) -> str:
        if name not in time_zones():
            near = closest(name, time_zones()) or "Europe/Paris"
            raise ValueError(f"is not a time zone; the closest is {near}")
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def read_settings(path: Path) -> ClientSettings:
    """Read and validate a client.yml. Raises SettingsError, whose message names every mistake."""
    if not path.is_file():
        raise SettingsError(
            f"{path.parent.name}/client.yml is not there. Write one with three lines, "
            "name:, currency: and timezone:, or start from: goulot new CLIENT"
        )
    try:
        content = load_merging(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        line = f"line {place.line + 1}: " if place else ""
        problem = getattr(error, "problem", None) or str(error)
        raise SettingsError(
            f"{path.parent.name}/client.yml, {line}{problem}. Nothing was read. "
            "Indent with spaces, and put text that holds a colon or a # in quotes."
        ) from error
    if not isinstance(content, dict):
        raise SettingsError(
            f"{path.parent.name}/client.yml holds no settings. It needs at least three lines: "
            "name: …, currency: EUR, timezone: Europe/Paris"
        )
    try:
        return ClientSettings.model_validate({k: v for k, v in content.items() if v is not None})
    except ValidationError as error:
        raise SettingsError(_explain(path, error)) from None


def _explain(path: Path, error: ValidationError) -> str:
    mistakes = [_mistake(e["loc"], e["type"], e["msg"], e["input"]) for e in error.errors()]
    count = f"{len(mistakes)} setting{'s' if len(mistakes) > 1 else ''} cannot be used."
    return " ".join([f"{path.parent.name}/client.yml: {count}", *mistakes])


def _mistake(loc: tuple[int | str, ...], kind: str, message: str, value: object) -> str:
    where = ".".join(str(part) for part in loc)
    if kind == "extra_forbidden":
        known = _known_keys(loc[:-1])
        guess = closest(str(loc[-1]), known)
        hint = f"did you mean {guess}?" if guess else f"known here: {', '.join(sorted(known))}."
        return f"{where}: unknown key; {hint}"
    if kind == "missing":
        return f"{where}: must be given, as in {where}: {_EXAMPLE.get(where, '…')}."
    message = message.removeprefix("Value error, ")
    return f"{where}: {value!r} {message[0].lower()}{message[1:]}."


_EXAMPLE = {"name": "Atelier Brume", "currency": "EUR", "timezone": "Europe/Paris"}


def _known_keys(path: tuple[int | str, ...]) -> set[str]:
    """The keys that client.yml may hold under ``path``."""
    model: Any = ClientSettings
    for part in path:
        if isinstance(part, int):
            continue
        model = model.model_fields[part].annotation
        if getattr(model, "__args__", None):
            model = model.__args__[0]
    return set(getattr(model, "model_fields", {}))
