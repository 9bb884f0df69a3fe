"""Snapshots that the tests render: a small one, and one in which every text is hostile."""

from __future__ import annotations

from dataclasses import replace

from dialog.reports.facts import AreaFacts, CardFacts, DialogueFacts, LeftOut, MeetingFacts
from dialog.reports.snapshot import Snapshot

#: Texts that break naive renderers.
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '#panic("typst") #read("/etc/passwd") *fet* $x$ @ref <etikett>',
    "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "&amp; ]]> <w:p/> \u0001\u0002 kontroll",
    "=cmd|' /C calc'!A0",
    "+46 70 123 45 67",
    "-2+3",
    "@SUM(A1:A9)",
    "＝1+1",
    "＠cell",
    "\t=1+1",
    "\r=1+1",
    "https://example.com/" + "x" * 300,
    "Ett" + "långt" * 95,
    "👩‍👩‍👧‍👦 ❤️ 🇸🇪 👍🏽 1️⃣ 😀",
    "مرحبا، نريد مكتبة مفتوحة مساءً",
    "我们想要一个晚上开放的图书馆",
    "ሰላም 한국어 ไทย",
    "rad ett\nrad två\r\nrad tre\u2028rad fyra",
    "höger\u202eretsnäv\u202c till vänster\ufeff\u200b\u00ad",
    "漢\u0301 a\u0301\u0327 \u0301",
    "\ue000\U000fffff\ufffe\uffff",
    "«’”–—…½€§¶†☃✓★→∀∑",
)


def a_snapshot(**changes: object) -> Snapshot:
    """Return two meetings, two areas and a card without area; the first meeting has no attendance."""
    snapshot = Snapshot(
        organisation="Vansbro kommun",
        dialogue=DialogueFacts(
            id=7,
            title="Samverkan för tillväxt",
            question="Hur går vi vidare tillsammans?",
            level="Dialog",
            promise="Vi samtalar och återkommer.",
            body="Kommunstyrelsen",
            decision_date="2015-02-03",
            case_number="KS 2014/99",
            example=True,
        ),
        number=2,
        created_at="2014-12-04T20:15:00+00:00",
        meetings=(
            MeetingFacts(
                1,
                "Avslutande träff",
                place="Dala-Järna Hotell",
                starts_at="2014-12-03T23:00:00+00:00",
                completeness="utdrag",
            ),
            MeetingFacts(
                2,
                "Uppföljning",
                starts_at="2015-01-14T17:00:00+00:00",
                ends_at="2015-01-14T19:00:00+00:00",
                attendance=1234,
                attendance_basis="estimated",
                devices=31,
            ),
        ),
        areas=(
            AreaFacts(
                3,
                "Medborgardialog",
                progress="Konkreta framsteg.",
                collaboration="Ökad samverkan.",
                responsible=("Kommunkansliet", "Utredningssekreterare"),
                cards=(
                    CardFacts(
                        11, "Fysiska OCH digitala åsiktsforum", "import", 1, kind="wish", placement="example"
                    ),
                    CardFacts(12, "Jobba med hur föreningar kan samverka:", "live", 2, kind="idea", dots=4),
                    CardFacts(
                        13, "Evenemangskalender", "live", 2, kind="idea", parent=12, table="Bord 3", round=2
                    ),
                    CardFacts(
                        14, "Det har känts jättebra", "paper", 2, kind="quote", stands_for=5, late=True
                    ),
                ),
            ),
            AreaFacts(4, "Omvärldsanalys"),
            AreaFacts(None, "Inget område", cards=(CardFacts(15, "Vi ses igen", "online", 2, parent=12),)),
        ),
        left_out=LeftOut(hidden=2, waiting=1),
        kinds=(("idea", "Idé"), ("wish", "Önskemål"), ("quote", "Citat")),
        limitations=("De som deltog valde själva att göra det.",),
    )
    return replace(snapshot, **changes)  # type: ignore[arg-type]


def a_hostile_snapshot() -> Snapshot:
    """Return a snapshot in which every field that people type holds something hostile."""
    cards = tuple(
        CardFacts(number, text, "live", 1, kind="idea", table=text[:20], lang=text[:5])
        for number, text in enumerate(HOSTILE, start=1)
    )
    hostile = " ".join(HOSTILE)
    return Snapshot(
        organisation=HOSTILE[4],
        dialogue=DialogueFacts(
            id=1,
            title=HOSTILE[8],
            question=hostile,
            why=hostile,
            can_influence=hostile,
            body=HOSTILE[1],
            official=HOSTILE[2],
        ),
        number=1,
        created_at="2026-11-22T10:00:00+00:00",
        meetings=(MeetingFacts(1, HOSTILE[0], place=HOSTILE[4], method=HOSTILE[7], completeness=HOSTILE[9]),),
        areas=(AreaFacts(1, HOSTILE[6], progress=hostile, responsible=HOSTILE, cards=cards),),
        kinds=(("idea", HOSTILE[7]),),
        limitations=(HOSTILE[10],),
    )


def ignore_progress(_done: int, _total: int) -> None:
    """Receive progress, and do nothing with it."""
