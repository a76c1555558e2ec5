"""A quote as it is printed: its text, its speakers, and whether it holds whole sentences."""

from __future__ import annotations

from dataclasses import dataclass

from aligner.model import Alignment
from aligner.typography import Token, ends_sentence, read_tokens


@dataclass(frozen=True, slots=True)
class Printed:
    """``text`` has a line for each paragraph; ``opens`` and ``closes``: it starts, it ends with a sentence."""

    text: str
    speakers: tuple[str, ...]
    opens: bool
    closes: bool


def read_printed(alignment: Alignment, words: range) -> Printed:
    """What is printed of ``words``, without footnote marks, headings and stage directions.

    Examples
    --------
    Of "Oui. [rires] Non, pas du tout ![2]", the last four words give "Non, pas du tout !".
    """
    paragraphs = [[t for t in tokens if not t.stage] for tokens in read_tokens(alignment)]
    quoted: list[list[Token]] = []
    opens = closes = True
    for tokens in paragraphs:
        inside = [k for k, token in enumerate(tokens) if token.word is not None and token.word in words]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        if not quoted:
            opens = first == 0 or ends_sentence(tokens[first - 1].text, tokens[first].text)
        following = tokens[last + 1].text if last + 1 < len(tokens) else ""
        closes = ends_sentence(tokens[last].text, following)
        quoted.append(tokens[first : last + 1])
    speakers = dict.fromkeys(tokens[0].speaker for tokens in quoted if tokens[0].speaker)
    return Printed("\n".join(map(_set, quoted)), tuple(speakers), opens, closes)


def _set(tokens: list[Token]) -> str:
    first, *rest = tokens
    return first.text + "".join(token.before + token.text for token in rest)
