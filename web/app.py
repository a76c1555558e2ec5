"""The Flask app of one library: the page to read first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.errors import handle_errors
from web.filters import add_filters
from web.jobs import Jobs
from web.languages import speak
from web.library import Library
from web.security import make_safe
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

LARGEST_BYTES = 8_000_000  # of a request that is in memory as a whole: all but uploads, which are streamed


def create_app(settings: Settings) -> Flask:
    """The app; its library is in ``app.extensions["library"]``, its jobs are in ``["jobs"]``.

    Whoever serves it takes earlier jobs up with their ``resume``, and ends them with ``close``.
    """
    from flask import Flask

    from web.routes import blueprints

    app = Flask(__name__)
    app.extensions["settings"] = settings
    app.extensions["library"] = Library(settings.library)
    app.extensions["jobs"] = Jobs(settings.library)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_BYTES)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    make_safe(app, settings)
    speak(app)
    add_filters(app)
    handle_errors(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app
