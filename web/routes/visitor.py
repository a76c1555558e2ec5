"""Who visits: the password, where one is needed; language and theme, which cookies keep."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from aligner.storage.checked_json import shown_name
from web.access import csrf, security, sessions
from web.context import limits, settings
from web.errors import Refused, TokenNeeded, TooMany
from web.languages import LANGUAGES, THEMES, t

blueprint = Blueprint("visitor", __name__)

_A_YEAR = 365 * 24 * 3600  # seconds
_WHY = {  # the password is asked for
    "over": "login.form_over",
    "older": "login.once_more",
    "cookies": "login.cookies",
}
_NAME, _LONGEST_NAME = "quotecast-name", 200  # a cookie, and characters of what is in it
_EARLIER_NAMES, _MOST_NAMES, _LONGEST_NAMES = "quotecast-names", 8, 3000  # a cookie; how many, and characters of it
_CHOICES = {"language": LANGUAGES, "theme": THEMES}


def form_of_password(message: str | None = None) -> str:
    """The page that asks for the password, and says why it does again."""
    return render_template("login.html", message=message)


def way_on(needs: str | None) -> ResponseReturnValue | None:
    """The answer to a form which was sent without scripts, after its session was over or another one had begun: by it
    the same is asked once more. None where there is no such way."""
    if request.mimetype not in csrf.FORMS:
        return None
    if needs == "password":
        return redirect(url_for("visitor.login", next=_came_from(), why="over"), 303)
    if needs == "token" and request.endpoint == "visitor.enter":
        why = "older" if csrf.has_session() else "cookies"
        return redirect(url_for("visitor.login", next=security.local_path(request.values.get("next")), why=why), 303)
    # Without a word of where it comes from, another site may have sent it, and nobody is led to say yes to that.
    if needs != "token" or not csrf.is_from_our_page() or not csrf.has_session():
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf"]
    return render_template("go_on.html", fields=fields), TokenNeeded.status


@blueprint.app_template_global()
def page_address() -> str:
    """The address of the page that is shown; where it answers a form, of the page on which that was."""
    shown = request.method in csrf.SAFE_METHODS or request.endpoint == "visitor.enter"
    return request.full_path.rstrip("?") if shown else _came_from()


def _came_from() -> str:
    """The page of ours on which the form was, as far as the browser tells."""
    came = urlsplit(request.referrer or "")
    path = f"{came.path}?{came.query}" if came.query else came.path
    return security.local_path(path) if came.netloc == request.host else "/"


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    word = settings().password
    if word and sessions.has_entered(word):  # by another tab, since this one was sent here
        return redirect(security.local_path(request.args.get("next")))
    return form_of_password(t(_WHY[why]) if (why := request.args.get("why", "")) in _WHY else None)


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Let in who knows the password. After too many wrong ones all wait, also with the right one, so that a refusal
    reveals nothing."""
    following = security.local_path(request.values.get("next"))
    guesses = limits().guesses
    if wait := guesses.begin():
        raise TooMany("login.wait", wait, seconds=wait)
    if not sessions.enter(request.form.get("password", ""), settings().password or ""):
        raise Refused("login.wrong")
    guesses.right()
    return redirect(following)


@blueprint.get("/api/session")
def session() -> ResponseReturnValue:
    """The token of this browser's session, and whether that is let in: for a page that is older than the session. Other
    sites' pages cannot read it."""
    if not csrf.comes_from_here(set()):
        raise Refused("error.elsewhere")
    word = settings().password
    return jsonify(token=csrf.csrf_token(), entered=not word or sessions.has_entered(word))


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    sessions.leave()
    return redirect(url_for("visitor.login"), 303)


@blueprint.post("/preferences")
def prefer() -> ResponseReturnValue:
    response = make_response(redirect(security.local_path(request.form.get("next")), 303))
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            remember(response, name, value)
    return response


def reader_name() -> str | None:
    """By what name the reader corrects and signs, "" for none; None where nobody has asked them yet."""
    kept = request.cookies.get(_NAME)
    return None if kept is None else _name(unquote(kept))


def earlier_names() -> list[str]:
    """By what names the reader corrected in this browser before, "" for none: what they did is theirs to undo."""
    kept = request.cookies.get(_EARLIER_NAMES)
    return [] if kept is None else [_name(unquote(each)) for each in kept.split("!")[:_MOST_NAMES]]


def remember_name(response: BaseResponse, name: str) -> None:
    """Have the browser keep by what name its reader corrects and signs, and by what name until now."""
    name, before = _name(name), reader_name()
    remember(response, _NAME.removeprefix("quotecast-"), quote(name))
    if before is None or before == name:
        return
    earlier = [before, *(each for each in earlier_names() if each not in (before, name))][:_MOST_NAMES]
    kept = [quote(each, safe="") for each in earlier]
    while len("!".join(kept)) > _LONGEST_NAMES:
        kept.pop()
    remember(response, _EARLIER_NAMES.removeprefix("quotecast-"), "!".join(kept))


def _name(given: str) -> str:
    return shown_name(given[:_LONGEST_NAME])


def remember(response: BaseResponse, name: str, value: str) -> None:
    """Have the browser keep what a reader chose on this device."""
    response.set_cookie(
        f"quotecast-{name}",
        value,
        max_age=_A_YEAR,
        secure=request.is_secure,
        samesite="Lax",
        httponly=True,
    )
