"""What children say is understood however it comes."""

import io
import json

from media.errors import Message, to_facts
from tests.tables import over_rows
from web.jobs.telling import Failed, Outcome, Plain, Progress, Warned, lines, understood


@over_rows(
    "line, meant",
    [
        ('{"stage": "words", "done": 3, "total": 9.5, "seconds_left": 2}', Progress("words", 3, 9.5, 2)),
        (
            '{"stage": "words", "done": 3, "total": 9, "seconds_left": 2, "run_done": 0.5, "run_seconds_left": 60}',
            Progress("words", 3, 9, 2, 0.5, 60),
        ),
        ('{"stage": "words", "done": 3, "total": null, "seconds_left": null}', Progress("words", 3, None, None)),
        ('{"stage": "words", "done": "3"}', Plain('{"stage": "words", "done": "3"}')),
        ('{"stage": "words", "done": 9, "total": 8, "seconds_left": -1}', Progress("words", 9, 8, None)),
        ('{"stage": "words", "done": -1, "total": NaN}', Progress("words", 0, None, None)),
        ('{"done": true, "warnings": [{"kind": "sound", "message": "cut short"}]}', Outcome(("cut short",))),
        ('{"done": true}', Outcome(())),
        ('{"done": true, "warnings": [{"message": "\\udcff.mp3"}]}', Outcome(("\udcff.mp3",))),
        ('{"done": true, "warnings": [{}]}', Plain('{"done": true, "warnings": [{}]}')),
        ('{"error": {"message": "a.mp3: is empty"}}', Failed("a.mp3: is empty")),
        (
            '{"error": {"message": "a.mp3: is empty"}, "kind": "DecodeError"}',
            Failed("a.mp3: is empty", "DecodeError"),
        ),
        ('{"error": {"message": 3}}', Plain('{"error": {"message": 3}}')),
        ('{"stage": "words"}', Plain('{"stage": "words"}')),
        ("quotecast: warning: the file is cut short", Warned("the file is cut short")),
        ("quotecast: a.mp3: is empty", Plain("a.mp3: is empty")),
        ("{not json", Plain("{not json")),
        ("[1, 2]", Plain("[1, 2]")),
        ("  ", None),
    ],
)
def test_a_line_is_understood(line: str, meant: object) -> None:
    assert understood(line) == meant


def test_what_can_be_translated_of_a_line_still_can_be() -> None:
    empty = Message("{path}: is empty; {expected}", path="a.mp3", expected=Message("expected sound"))
    facts = json.dumps(to_facts(empty))
    for meant in (understood(f'{{"error": {facts}}}'), understood(f'{{"done": true, "warnings": [{facts}]}}')):
        text = meant.text if isinstance(meant, Failed) else meant.warnings[0]  # type: ignore[union-attr]
        assert isinstance(text, Message)
        assert (text, text.template, text.values["path"]) == (empty, empty.template, "a.mp3")


def test_lines_that_are_no_text_or_endless_are_heard_in_parts() -> None:
    heard = list(lines(io.BytesIO(b"\xff\xfe\r\n" + b"x" * 1_000_000 + b"\nlast")))
    assert heard[0] == "\ufffd\ufffd"
    assert "".join(heard[1:-1]) == "x" * 1_000_000
    assert heard[-1] == "last"
