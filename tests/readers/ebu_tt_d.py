"""What EBU-TT-D admits (EBU Tech 3380, version 1.0.1), checked by a table of our own: its schema is in no registry.

``complaints`` tells what of a document it does not admit. A row of the table: the children, in order, as an expression
over their names; the attributes that must be there; those that may, each with what it may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_PREFIXES = {
    "http://www.w3.org/ns/ttml": "",
    "http://www.w3.org/ns/ttml#parameter": "ttp:",
    "http://www.w3.org/ns/ttml#styling": "tts:",
    "http://www.w3.org/ns/ttml#metadata": "ttm:",
    "http://www.w3.org/ns/ttml/profile/imsc1#styling": "itts:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
    "urn:ebu:tt:style": "ebutts:",
    "urn:ebu:tt:metadata": "ebuttm:",
}
_ANY = ".*"
_PERCENT = r"\d+(\.\d+)?%"
_TIME = r"\d\d+:[0-5]\d:[0-5]\d(\.\d+)?"
_COLOUR = "#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?"
_TOLD = {"ttm:agent": _ANY, "ttm:role": _ANY}
_TIMED = {"begin": _TIME, "end": _TIME, "xml:lang": _ANY, "xml:space": "default|preserve", "style": _ANY, **_TOLD}

_ROWS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "tt": (
        "head (body )?",
        {"ttp:timeBase": "media", "xml:lang": _ANY},
        {"ttp:cellResolution": r"[1-9]\d* [1-9]\d*", "xml:space": "default|preserve"},
    ),
    "head": ("(ttm:copyright )?(metadata )?styling layout ", {}, {}),
    "metadata": ("((ttm|ebuttm):.* )*", {}, {}),
    "styling": ("(style )+", {}, {}),
    "style": (
        "",
        {"xml:id": "[A-Za-z_][-.\\w]*"},
        {
            "tts:direction": "ltr|rtl",
            "tts:fontFamily": ".+",
            "tts:fontSize": _PERCENT,
            "tts:lineHeight": f"normal|{_PERCENT}",
            "tts:textAlign": "left|center|right|start|end",
            "tts:color": _COLOUR,
            "tts:backgroundColor": _COLOUR,
            "tts:fontStyle": "normal|italic",
            "tts:fontWeight": "normal|bold",
            "tts:textDecoration": "none|underline",
            "tts:unicodeBidi": "normal|embed|bidiOverride",
            "tts:wrapOption": "wrap|noWrap",
            "ebutts:multiRowAlign": "start|center|end|auto",
            "ebutts:linePadding": r"\d+(\.\d+)?c",
            "itts:fillLineGap": "true|false",
        },
    ),
    "layout": ("(region )+", {}, {}),
    "region": (
        "",
        {"xml:id": "[A-Za-z_][-.\\w]*", "tts:origin": f"{_PERCENT} {_PERCENT}", "tts:extent": f"{_PERCENT} {_PERCENT}"},
        {
            "style": _ANY,
            "tts:displayAlign": "before|center|after",
            "tts:padding": f"{_PERCENT}( {_PERCENT}){{0,3}}",
            "tts:writingMode": "lrtb|rltb|tbrl|tblr|lr|rl|tb",
            "tts:showBackground": "always|whenActive",
            "tts:overflow": "visible|hidden",
        },
    ),
    "body": ("(div )+", {}, {"style": _ANY, **_TOLD}),
    "div": ("(p )+", {}, {"xml:id": _ANY, "region": _ANY, "style": _ANY, "xml:lang": _ANY, **_TOLD}),
    "p": ("((br|span) )*", {"xml:id": "[A-Za-z_][-.\\w]*"}, {"region": _ANY, **_TIMED}),
    "span": ("(br )*", {}, {"xml:id": _ANY, **_TIMED}),
    "br": ("", {}, {"ttm:role": _ANY}),
}


def complaints(root: etree._Element) -> Iterator[str]:
    """What is not admitted, in a line each."""
    for element in root.iter():
        name = _name(element.tag)
        if name.startswith(("ttm:", "ebuttm:")):
            continue
        children, needed, allowed = _ROWS.get(name, ("", {}, {}))
        if name not in _ROWS or not re.fullmatch(children, "".join(f"{_name(child.tag)} " for child in element)):
            yield f"{name}: is not admitted, or not with what it holds"
        held = {_name(key): value for key, value in element.attrib.items()}
        yield from (f"{name}: has no {each}" for each in needed.keys() - held.keys())
        for key, value in held.items():
            if not re.fullmatch({**needed, **allowed}.get(key, "(?!)"), value):
                yield f"{name}: {key}={value!r} is not admitted"
    yield from _references(root)


def _references(root: etree._Element) -> Iterator[str]:
    """References to what is not there; that an identifier is there twice, the reader of XML finds."""
    identifiers = [value for element in root.iter() for key, value in element.attrib.items() if _name(key) == "xml:id"]
    for element in root.iter():
        for key in ("style", "region", "{http://www.w3.org/ns/ttml#metadata}agent"):
            yield from (f"{each}: is nowhere" for each in element.get(key, "").split() if each not in identifiers)
    standards = [element.text for element in root.iter("{urn:ebu:tt:metadata}conformsToStandard")]
    if "urn:ebu:tt:distribution:2018-04" not in standards:
        yield "it does not say that it conforms"


def _name(tag: str) -> str:
    name = etree.QName(tag)
    return f"{_PREFIXES.get(name.namespace or '', '?:') if name.namespace else ''}{name.localname}"
