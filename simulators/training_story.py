"""A month of requests and decisions in the training house, and what waits on its first day.

Each act is an object with `at`, a local clock time, and either an SMS (`from`, `sms`), a step at a
desk (`login`, `do`: pass_on or record, `nip` whose request) or duty travel (`do`: duty).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from simulators.training_days import Away, hours_of
from simulators.training_people import Person, Province

MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
ONE_DAY = timedelta(days=1)
SICK = ("izin sakit hari ini pak, tidak bisa masuk", "Bu maaf sy sakit hari ini, mohon izin")
LEAVE = (
    "mohon cuti tahunan tgl {days} krn acara keluarga",
    "cuti tahunan tgl {days} pulang kampung",
)
PERMISSION = (
    "izin tidak masuk tgl {days} urus akta anak",
    "izin tdk masuk tgl {days} ada keperluan",
)
AGREES = ("YA", "ya", "setuju", "ok silakan")
DESKS = {"RSUD": ("rahmat", "dewi"), "SMAN1": ("kasubag.sma", "operator.sma")}
"""The units of the story with the log-ins of their Kasubag and operator."""


@dataclass
class Story:
    """What was said and done, and who therefore was away."""

    acts: list[dict[str, Any]] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)

    def say(self, at: datetime, who: Person, text: str) -> None:
        self.acts.append({"at": at.isoformat(), "from": who.number, "sms": text})

    def step(self, at: datetime, login: str, do: str, who: Person) -> None:
        self.acts.append({"at": at.isoformat(), "login": login, "do": do, "nip": who.nip})


def tell(province: Province, first: date, now: datetime, seed: int) -> Story:
    """The story from `first` to the moment of the first start, in order of time."""
    chance = random.Random(f"{seed} story")
    story = Story()
    bosses = {person.nip: person for person in province.people}
    for unit, (kasubag, operator) in DESKS.items():
        staff = [
            p for p in province.people if p.unit == unit and not p.duties and p.name not in LEFT_OUT
        ]
        chance.shuffle(staff)
        days = [first + timedelta(days=n) for n in range((now.date() - first).days - 2)]
        for who, day in zip(staff, days[:: 2 if unit == "RSUD" else 6], strict=False):
            _past_request(story, chance, who, bosses[who.supervisor], day, kasubag, operator)
    _duty(story, province, first, now)
    _absent_yesterday(story, province, now.date())
    _first_day(story, province, bosses, now)
    story.acts.sort(key=lambda act: act["at"])
    return story


LEFT_OUT = ("Budi Santoso",)
"""Theirs is the story of whoever sits before the screen; only, they have not come yet today."""


def _past_request(
    story: Story,
    chance: random.Random,
    who: Person,
    boss: Person,
    day: date,
    kasubag: str,
    operator: str,
) -> None:
    while hours_of(who, day) is None:
        day += ONE_DAY
    kind = chance.choice((SICK, SICK, LEAVE, LEAVE, PERMISSION))
    last = day + ONE_DAY if kind is LEAVE else day
    days = _days(day, last)
    asked = datetime.combine(day, time(6, 10)) + timedelta(minutes=chance.randrange(40))
    if kind is not SICK:
        asked -= timedelta(days=2, hours=-3)
    story.say(asked, who, chance.choice(kind).format(days=days))
    answered = asked + timedelta(minutes=chance.randrange(4, 50))
    if chance.random() < 0.1:
        story.say(answered, boss, "TIDAK, tenaga sedang kurang")
        return
    story.say(answered, boss, chance.choice(AGREES))
    passed = max(answered + timedelta(minutes=30), datetime.combine(answered.date(), time(9)))
    story.step(passed, kasubag, "pass_on", who)
    story.step(passed + timedelta(minutes=chance.randrange(10, 120)), operator, "record", who)
    story.away.append(Away(who.nip, day, last))


def _days(first: date, last: date) -> str:
    words = f"{last.day} {MONTHS[last.month - 1]}"
    if first == last:
        return words
    if first.month == last.month:
        return f"{first.day} s/d {words}"
    return f"{first.day} {MONTHS[first.month - 1]} s/d {words}"


def _duty(story: Story, province: Province, first: date, now: datetime) -> None:
    """Duty travel, which the operators type themselves: one long ago, one now, without a letter."""
    travellers = [p for p in province.people if p.unit == "DINKES" and not p.duties][:3]
    past = first + timedelta(days=7)
    for begins, people, letter in (
        (past, travellers, "090/112/2026"),
        (now.date(), [province.officer("RSUD", "Kepala Ruang IGD")], ""),
    ):
        ends = begins + ONE_DAY
        at = datetime.combine(begins, time(7)) if letter else now - timedelta(hours=2)
        story.acts.append(
            {
                "at": at.isoformat(),
                "login": "yusuf" if letter else "dewi",
                "do": "duty",
                "nips": [person.nip for person in people],
                "first": begins.isoformat(),
                "last": ends.isoformat(),
                "place": "Kota Elok",
                "purpose": "rapat koordinasi",
                "letter": letter,
            }
        )
        story.away += [Away(person.nip, begins, ends) for person in people]


def _absent_yesterday(story: Story, province: Province, today: date) -> None:
    """One nurse who did not come and gave no word: what an alert looks like."""
    yesterday = today - ONE_DAY
    for person in _nurses(province, "Kepala Ruang Mawar"):
        hours = hours_of(person, yesterday)
        if hours is not None and hours[1].date() == yesterday and not _is_away(story, person):
            story.away.append(Away(person.nip, yesterday, yesterday))
            return


def _first_day(story: Story, province: Province, bosses: dict[str, Person], now: datetime) -> None:
    """One request at each desk: with a supervisor, with the Kasubag, with the operator.

    And some who have not come yet today and have given no word.
    """

    def ask(who: Person, minutes_ago: int, in_days: int) -> None:
        day = now.date() + timedelta(days=in_days)
        while hours_of(who, day) is None:
            day += ONE_DAY
        text = f"mohon cuti tahunan tgl {_days(day, day + ONE_DAY)} krn acara keluarga"
        story.say(now - timedelta(minutes=minutes_ago), who, text)

    mawar = [p for p in _nurses(province, "Kepala Ruang Mawar") if not _is_away(story, p)]
    igd = [p for p in _nurses(province, "Kepala Ruang IGD") if not _is_away(story, p)]
    for who, minutes_ago in ((mawar[0], 95), (igd[0], 70)):
        ask(who, minutes_ago, 4)
        story.say(now - timedelta(minutes=minutes_ago - 20), bosses[who.supervisor], "YA")
    story.step(now - timedelta(minutes=30), "rahmat", "pass_on", igd[0])
    ask(mawar[1], 15, 6)
    not_yet = [
        person
        for person in province.people
        if not person.duties
        and person.name not in LEFT_OUT
        and not _is_away(story, person)
        and (hours := hours_of(person, now.date())) is not None
        and hours[0] <= now < hours[1] - timedelta(hours=1)
    ]
    nurses = [person for person in not_yet if person.unit == "RSUD"]
    others = [person for person in not_yet if person.unit != "RSUD"]
    chosen = [*nurses[:3], *others[::25][:4], *map(province.by_name, LEFT_OUT)]
    story.away += [Away(person.nip, now.date(), now.date()) for person in chosen]


def _nurses(province: Province, ward: str) -> list[Person]:
    boss = province.officer("RSUD", ward)
    return [person for person in province.people if person.supervisor == boss.nip]


def _is_away(story: Story, person: Person) -> bool:
    return any(away.nip == person.nip for away in story.away)
