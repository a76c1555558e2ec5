"""Markdown is read as it renders, with the text that a renderer would drop."""

from aligner.transcript.markdown import read_markdown
from tests.tables import over_rows


def test_markdown_is_read_as_it_is_rendered(data, rows):
    found = data("notes.md")
    assert rows(found) == [
        ("heading", None, "Das Dorf und der Zug"),
        ("speech", "Ilse Marten", "Wann kam der letzte Zug?[^1]"),
        ("note", "Ilse Marten", "[^1]"),
        ("speech", "Knut", "Vor zehn Jahren, glaube ich. (lacht) Danach kam nur noch der Bus."),
        ("stage", "Knut", "(lacht)"),
        ("speech", "Knut", "Der Bus kam aber selten."),
        ("heading", None, "Und heute"),
        ("speech", "Ilse Marten", "Heute kommt er wieder & alle freuen sich."),
        ("speech", "Knut", "Ja, alle."),
        ("note", None, "[^1]: Fahrplanarchiv, Band 3."),
    ]
    assert (found.title, found.language) == ("Das Dorf und der Zug", "de")


@over_rows("definition", ["[3]: https://example.org/a", "[^3]: https://example.org/a", "[^3]: A book, 2003"])
def test_a_markdown_footnote_keeps_its_mark(read, of_kind, definition):
    mark = definition.partition(":")[0]
    found = read(f"It hums{mark}. Always.\n\n{definition}\n", "a.md")
    assert of_kind(found, "note") == [mark, definition]


def test_wrapped_markdown_is_one_paragraph(read):
    lines = [
        "The pier was long and grey and it smelled of tar and of rope, and",
        "nobody walked on it but the gulls, who had all the time that there",
        "is in the world, and then some more of it, which they spent on the",
        "railing, looking down.",
    ]
    assert len(read("\n".join(lines), "a.md").segments) == 1


@over_rows(
    "text, read_as",
    [
        ("[Ana]: Oui.\n\n[Leo]: Non.\n", "[Ana]: Oui.\n[Leo]: Non.\n"),
        ("---\nAna Sol: Oui.\n---\nLeo: Non.\n", "Ana Sol: Oui.\nLeo: Non.\n"),
        ("1984. On était jeunes.\n", "1984. On était jeunes.\n"),
        ("- Oui.\n- 1984. On était jeunes.\n", "Oui.\n1984. On était jeunes.\n"),
        ("1. Un.\n2. Deux.\n", "Un.\nDeux.\n"),
        ("Oui <!-- je\n\nveux\n", "Oui <!-- je\nveux\n"),
        ("**Oui** <X>, oui.\n", "Oui <X>, oui.\n"),
        ("Oui, <Jean-Luc>, </X> <v Ana> <b>là</b><my-mark>.</my-mark>\n", "Oui, <Jean-Luc>, </X> <v Ana> là.\n"),
    ],
)
def test_text_that_a_renderer_would_drop_is_kept(read, text, read_as):
    assert read(text, "a.md").text == read_as


def test_a_line_of_dashes_below_a_paragraph_is_a_rule(read, rows):
    assert rows(read("Ana: Oui.\nLeo: Non.\n---\nAna: Bon.\n", "a.md")) == [
        ("speech", "Ana", "Oui."),
        ("speech", "Leo", "Non."),
        ("speech", "Ana", "Bon."),
    ]
    assert rows(read("Un titre\n---\nOui.\n", "a.md"))[0] == ("heading", None, "Un titre")


FRONT = "---\ntitle: La roue\nshow: 'Roue libre'\n---\n\n"
TALK = "**Ana :** Bonjour à tous.\n\n**Leo :** Bonjour.\n"


@over_rows(
    "source, title, show, headline",
    [
        (FRONT + TALK, "La roue", "Roue libre", None),
        ("---\npodcast: Roue libre\n---\n# La *roue*\n\n" + TALK, None, "Roue libre", "La roue"),
        ("# La roue\n\n## Un début\n\n" + TALK, None, None, "La roue"),
        ("# La roue\n\n" + TALK + "\n# La suite\n\n" + TALK, None, None, None),  # a chapter like others
        (TALK + "\n# La suite\n\n" + TALK, None, None, None),
        ("## Un début\n\n" + TALK, None, None, None),
    ],
)
def test_title_show_and_headline_are_read_from_the_file(source, title, show, headline):
    draft = read_markdown(source, "talk.md")
    assert (draft.title, draft.show, draft.headline) == (title, show, headline)
    assert headline is None or draft.text.startswith(headline)
