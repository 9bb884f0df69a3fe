"""Generate a report snapshot of any size, for measuring only."""

from __future__ import annotations

import random

from ..reports.facts import AreaFacts, CardFacts, DialogueFacts, LeftOut, MeetingFacts
from ..reports.snapshot import Snapshot

_AREAS = ("Trygghet", "Skola och fritid", "Kollektivtrafik", "Grönområden", "Kultur", "Näringsliv", "Äldre")
_BEGIN = ("Vi saknar", "Bygg ut", "Ta vara på", "Börja med", "Låt oss få", "Håll fast vid", "Prova", "Öppna")
_THING = (
    "bättre belysning på gångvägen till skolan",
    "turtätheten på kvällarna",
    "mötesplatser för unga utan krav på medlemskap",
    "en plats där föreningar kan dela lokaler och kalender",
    "tydlig information om vad som händer efter mötet",
    "trygga vägar för den som cyklar eller rullar",
    "biblioteket som öppet vardagsrum",
    "samarbete mellan skolan och de lokala företagen",
)
_END = (
    "",
    " redan i vår",
    ", annars flyttar folk",
    " i hela kommunen, inte bara i centralorten",
    " – fråga oss",
)
_KINDS = (("idea", "Idé"), ("need", "Behov"), ("problem", "Problem"), ("quote", "Citat"))


def sample_snapshot(cards: int = 1000, *, areas: int = len(_AREAS), seed: int = 1) -> Snapshot:
    """Return a report of *cards* cards in *areas* areas, from two meetings and an online period."""
    chance = random.Random(seed)  # noqa: S311  (made-up sentences, no secrets)
    areas_of_cards: list[list[CardFacts]] = [[] for _ in range(areas + 1)]
    for number in range(1, cards + 1):
        pile = chance.choice(areas_of_cards[:-1]) if areas and chance.random() < 0.95 else areas_of_cards[-1]
        meeting = chance.choice((1, 1, 1, 2, 2, 3))
        parent = pile[-1].id if pile and chance.random() < 0.1 else None
        pile.append(
            CardFacts(
                id=number,
                text=chance.choice(_BEGIN) + " " + chance.choice(_THING) + chance.choice(_END),
                channel="online" if meeting == 3 else chance.choice(("live", "live", "live", "paper")),
                meeting=meeting,
                kind=chance.choice(_KINDS)[0],
                table="" if meeting == 3 else f"Bord {chance.randint(1, 12)}",
                round=None if meeting == 3 else chance.randint(1, 3),
                parent=parent,
                stands_for=chance.choice((1, 1, 1, 1, 3, 6)),
                dots=chance.randint(0, 9) if meeting == 1 else None,
            )
        )
    names = [(_AREAS[n % len(_AREAS)] + f" {n if n >= len(_AREAS) else ''}").strip() for n in range(areas)]
    return Snapshot(
        organisation="Exempelköpings kommun",
        dialogue=DialogueFacts(
            id=1,
            title="Så vill vi leva här 2035",
            question="Vad behöver finnas nära dig för att vardagen ska fungera?",
            why="Översiktsplanen ska förnyas och behöver bygga på vardagen i hela kommunen.",
            can_influence="Var nya mötesplatser byggs, i vilken ordning och vad de ska rymma.",
            cannot_influence="Kommunens totala budget och statens vägar.",
            level="Dialog",
            promise="Vi samtalar om förslagen och berättar hur de har påverkat beslutet.",
            target_group="Alla som bor eller arbetar i kommunen",
            case_number="KS 2026/123",
            decision_date="2027-03-15",
            body="Kommunstyrelsen",
            official="Anna Andersson",
        ),
        number=1,
        created_at="2026-11-22T19:30:00+00:00",
        meetings=(
            MeetingFacts(
                1,
                "Café i Folkets hus",
                "in_person",
                "Folkets hus",
                "2026-11-03T17:00:00+00:00",
                "2026-11-03T19:00:00+00:00",
                "Cafédialog (World Café)",
                96,
                "counted",
                88,
            ),
            MeetingFacts(
                2,
                "Café på Järvsta skola",
                "in_person",
                "Järvsta skola",
                "2026-11-05T17:00:00+00:00",
                "2026-11-05T19:00:00+00:00",
                "Cafédialog (World Café)",
                60,
                "estimated",
                41,
            ),
            MeetingFacts(
                3,
                "Tyck till på nätet",
                "online",
                "",
                "2026-11-03T07:00:00+00:00",
                "2026-11-20T22:59:00+00:00",
                "Öppet forum på nätet",
                devices=133,
            ),
        ),
        areas=tuple(
            AreaFacts(
                index + 1,
                name,
                "Något konkret som märks inom ett år.",
                "Fler föreningar, företag och förvaltningar som gör det tillsammans.",
                ("Samhällsbyggnadschef", "Föreningsrådet"),
                tuple(pile),
            )
            for index, (name, pile) in enumerate(zip(names, areas_of_cards, strict=False))
        )
        + ((AreaFacts(None, "Inget område", cards=tuple(areas_of_cards[-1])),) if areas_of_cards[-1] else ()),
        left_out=LeftOut(hidden=4, waiting=2),
        kinds=_KINDS,
        limitations=("Deltagarna har själva valt att komma. Korten visar bredd, inte andelar.",),
    )
