"""The resident's pages: join, write, see, change one's mind. All of it works without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ..cards import actions, create_actions, vote_actions
from ..cards import queries as cards
from ..cards.forms import AddCard, EditCard, SetVote, WithdrawCard
from ..cards.models import TEXT_MAX
from ..cards.rendering import CardRenderer, as_dict
from ..errors import DialogError, Invalid, NotFound, Unauthorized
from ..forms import new_uuid
from ..live.schema import Place, clock
from ..meetings import join_actions, join_codes, queries
from ..meetings.actor import Actor
from ..meetings.cookies import participant_from_cookie, set_participant_cookie
from ..meetings.forms import JoinPage
from ..meetings.permissions import allows_writing, ended_at, may_vote, may_write, sees_others
from ..meetings.tickets import ticket_for
from ..meetings.tokens import new_token
from ..web.page_forms import fields_of, submitted

bp = Blueprint("participant", __name__)


@bp.get("/j/<code>")
def welcome(code: str) -> ResponseReturnValue:
    """What this is and what becomes of what you write; one button. Who has joined goes straight in."""
    meeting = join_codes.meeting_by_code(code)
    if participant_from_cookie(meeting.id):
        return redirect(url_for("participant.page", meeting_id=meeting.id))
    return render_template("participation/join.html", meeting=meeting, code=code, form=JoinPage())


@bp.post("/j/<code>")
def join(code: str) -> ResponseReturnValue:
    """Take part. Joining again with the same browser gives the same participant back."""
    meeting = join_codes.meeting_by_code(code)
    if participant_from_cookie(meeting.id):
        return redirect(url_for("participant.page", meeting_id=meeting.id))
    join_codes.check_join_rate()
    form = JoinPage(request.form)
    if form.validate():
        try:
            token = join_actions.join(meeting.id, **form.values).token
        except Invalid as error:
            form.fail(error)
        else:
            answer = redirect(url_for("participant.page", meeting_id=meeting.id))
            set_participant_cookie(answer, meeting.id, token)
            return answer
    return render_template("participation/join.html", meeting=meeting, code=code, form=form), 400


@bp.get("/m/<int:meeting_id>")
def page(meeting_id: int) -> ResponseReturnValue:
    """The participant's page: the question, the pad, one's own cards, and what others wrote."""
    return _page(_visitor(meeting_id))


@bp.get("/m/worker.js")
def worker() -> ResponseReturnValue:
    """The service worker. Its address bounds it to the participants' pages: it never sees any other."""
    answer = current_app.send_static_file("js/participation/worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.post("/m/<int:meeting_id>/cards")
def add(meeting_id: int) -> ResponseReturnValue:
    """Send a card; in an open online meeting the first one also joins. Refused: the page, text kept."""
    actor = _visitor(meeting_id)
    token = None
    answer: Response
    try:
        values = AddCard.read_page(fields_of(AddCard)).values
        if actor.participant is None:
            join_codes.check_join_rate()
            # Two taps of one hand are one person: both carry what only this page knows.
            visit = request.form.get("visit", "")[:100]
            token = join_actions.join(actor.meeting.id, channel="online", visit=visit).token
            actor = Actor(queries.meeting_by_id(meeting_id), participant=queries.participant_by_token(token))
        create_actions.add_card(actor, values)
    except DialogError as error:
        answer = make_response(_page(actor, error=error), error.status)
    else:
        answer = redirect(url_for("participant.page", meeting_id=meeting_id, saved=1, _anchor="mine"), 303)
    if token:
        set_participant_cookie(answer, meeting_id, token)
    return answer


@bp.get("/m/<int:meeting_id>/cards/<int:card_id>/edit")
def edit_page(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """One's own card on a pad of its own."""
    actor = _participant(meeting_id)
    return _edit_page(actor, card_id)


@bp.post("/m/<int:meeting_id>/cards/<int:card_id>/edit")
def edit(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Give one's own card another text."""
    actor = _participant(meeting_id)
    refused = submitted(
        EditCard, lambda given: actions.edit_card(actor, card_id, given["text"], given["base"]), id=card_id
    )
    if refused:
        return _edit_page(actor, card_id, refused), refused.status
    return redirect(url_for("participant.page", meeting_id=meeting_id, _anchor="mine"), 303)


@bp.post("/m/<int:meeting_id>/cards/<int:card_id>/withdraw")
def withdraw(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Take one's own card back."""
    return _act(
        meeting_id,
        WithdrawCard,
        lambda actor, given: actions.withdraw_card(actor, card_id, given["base"]),
        id=card_id,
    )


@bp.post("/m/<int:meeting_id>/cards/<int:card_id>/vote")
def vote(meeting_id: int, card_id: int) -> ResponseReturnValue:
    """Put dots on a card, or take them back."""
    return _act(
        meeting_id,
        SetVote,
        lambda actor, given: vote_actions.set_vote(actor, card_id, given["dots"]),
        card=card_id,
    )


def _act(meeting_id: int, rules: Any, act: Any, **known: int) -> ResponseReturnValue:
    actor = _participant(meeting_id)
    refused = submitted(rules, lambda given: act(actor, given), **known)
    if refused:
        return _page(actor, error=refused), refused.status
    return redirect(url_for("participant.page", meeting_id=meeting_id, _anchor="mine"), 303)


def _visitor(meeting_id: int) -> Actor:
    """Who has joined, or a passer-by where the address is public; to others the meeting does not exist."""
    participant = participant_from_cookie(meeting_id)
    if participant is not None:
        return Actor(queries.meeting_by_id(meeting_id), participant=participant)
    meeting = queries.online_meeting(meeting_id)
    if meeting is None:
        raise NotFound
    return Actor(meeting)


def _participant(meeting_id: int) -> Actor:
    participant = participant_from_cookie(meeting_id)
    if participant is None:
        raise Unauthorized
    return Actor(queries.meeting_by_id(meeting_id), participant=participant)


def _page(actor: Actor, error: DialogError | None = None) -> str:
    meeting = actor.meeting
    joined = actor.participant is not None
    renderer = CardRenderer(meeting.id)
    mine = cards.own_cards(actor)
    others, more = [], False
    if sees_others(meeting):
        seen, more = cards.latest_cards(actor, 60)
        own = {card.id for card in mine}
        others = [card for card in seen if card.id not in own]
    renderer.load_names([*mine, *others])
    given = cards.dots_given(actor)
    return render_template(
        "participation/participant.html",
        meeting=meeting,
        epoch=queries.epoch(),
        stage=queries.stage_now(meeting),
        place=queries.place_of(actor.participant) if actor.participant else Place(),
        now=clock(),
        joined=joined,
        ended=ended_at(meeting) is not None,
        may_write=may_write(actor) or (not joined and allows_writing(meeting)),
        may_vote=may_vote(actor),
        dots_left=meeting.dots - sum(given.values()),
        dots_given=given,
        mine=[_mine(renderer, card) for card in mine],
        others=[renderer.context(card) for card in others],
        more=more,
        error=error,
        typed=request.form if error is not None else {},
        visit=(request.form.get("visit", "")[:100] if error is not None else "") or new_token(),
        ticket=ticket_for("participant", actor.participant.id, meeting.id) if actor.participant else "",
        uuid=(request.form.get("uuid") if error is not None else None) or new_uuid(),
        text_max=TEXT_MAX,
        saved="saved" in request.args,
        shared_tablet=actor.participant is not None and actor.participant.kind == "table",
    )


def _mine(renderer: CardRenderer, card: Any) -> dict[str, Any]:
    return {**renderer.context(card), "hidden_reason": card.hidden_reason}


def _edit_page(actor: Actor, card_id: int, error: DialogError | None = None) -> str:
    card = cards.card_for(actor, card_id)
    if actor.participant is None or card.author_participant_id != actor.participant.id:
        raise NotFound
    return render_template(
        "participation/edit.html",
        meeting=actor.meeting,
        card=as_dict(card),
        text=request.form.get("text", card.text),
        error=error,
        text_max=TEXT_MAX,
    )
