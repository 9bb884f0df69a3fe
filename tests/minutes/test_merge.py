"""Properties of merging, of reading a draft and of comparing, with random texts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from dialog.minutes.body import Body, Point, fingerprints
from dialog.minutes.comparison import compare_parts
from dialog.minutes.forms import SubmittedDraft
from dialog.minutes.merge import merge_bodies
from dialog.minutes.presentation import Part

IDS = [f"{number:08x}" for number in range(6)]
BASE = Body(summary="så här var det", points=tuple(Point(number, f"Punkt {number}") for number in IDS[:4]))


@st.composite
def edited(draw: st.DrawFn, who: str) -> Body:
    """Return the base after random edits by *who*: points changed, removed, moved and added."""
    points = []
    for point in draw(st.permutations(BASE.points)):
        what = draw(st.sampled_from(["keep", "keep", "change", "remove"]))
        if what == "keep":
            points.append(point)
        elif what == "change":
            points.append(replace(point, text=f"{who} om {point.heading}"))
    if draw(st.booleans()):
        points.append(Point(IDS[4] if who == "Anna" else IDS[5], f"{who}s egen"))
    summary = draw(st.sampled_from([BASE.summary, f"{who}s sammanfattning"]))
    return Body(summary=summary, points=tuple(points))


@given(mine=edited("Anna"), theirs=edited("Bo"))
@settings(max_examples=300, deadline=None)
def test_merging_loses_nothing_that_either_wrote(mine: Body, theirs: Body) -> None:
    base = fingerprints(BASE)
    merged = merge_bodies(base, mine, theirs).body
    texts = {(point.heading, point.text) for point in merged.points}
    shown = set(BASE.points)
    for body in (mine, theirs):
        for point in body.points:
            if point not in shown:
                assert (point.heading, point.text) in texts
        if body.summary != BASE.summary:
            assert body.summary in merged.summary
    ids = [point.id for point in merged.points]
    assert len(ids) == len(set(ids))


@given(mine=edited("Anna"))
@settings(max_examples=100, deadline=None)
def test_merging_with_an_unchanged_draft_returns_the_own_text(mine: Body) -> None:
    merged = merge_bodies(fingerprints(BASE), mine, BASE)
    assert merged.body == mine
    assert merged.conflicts == ()


texts = st.text(max_size=60)


@given(
    st.dictionaries(
        st.sampled_from(
            ["base", "points", "agreed", "questions", "summary", "next_steps", "move", f"text-{IDS[0]}"]
        ),
        st.lists(texts | st.sampled_from(IDS), max_size=4),
        max_size=8,
    )
)
# The application is only read, so one serves all examples.
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_submitted_form_is_read_without_a_crash(app, sent):
    with app.test_request_context():
        written = SubmittedDraft(
            MultiDict((name, value) for name, values in sent.items() for value in values), {}
        )
        assert written.faults or written.body is not None


@given(old=texts, new=texts)
@settings(max_examples=200, deadline=None)
def test_comparison_holds_both_texts_whole(old: str, new: str) -> None:
    (change,) = compare_parts([Part("a", "A", old)], [Part("a", "A", new)])
    assert "".join(segment.text for segment in change.before) == old
    assert "".join(segment.text for segment in change.after) == new
