"""HTML pages are read with their headings, speakers and notes."""

from tests.tables import over_rows


def test_a_page_gives_its_paragraphs_headings_notes_and_speakers(data, rows):
    found = data("page.html")
    assert (found.title, found.language) == ("Marées & moulins | Radio Digue", "fr-FR")
    assert rows(found) == [
        ("heading", None, "Marées et moulins"),
        ("speech", "Odile Kerven", "Bonjour Yann. On parle aujourd’hui des moulins\u00a0à marée[1]."),
        ("note", "Odile Kerven", "[1]"),
        ("speech", "Odile Kerven", "Il en reste une centaine, sur moins de 2\u00a0km²."),
        ("speech", "Yann Le Goff", "Bonjour <Odile>. C’est la lune qui fait la farine (rires)."),
        ("stage", "Yann Le Goff", "(rires)"),
        ("speech", "Yann Le Goff", "Et elle la fait deux fois par jour."),
        ("heading", None, "Une énergie ancienne : la marée"),
        ("speech", "Odile Kerven", "Comment ça marche ?"),
        ("speech", "Yann Le Goff", "On ferme une porte."),
        ("note", None, "Le moulin en 1910"),
        ("note", None, "Voir l’inventaire des moulins, 2003."),
    ]


def test_cited_names_speak_and_times_are_left_out(data, rows):
    found = data("cite.html")
    assert rows(found)[:3] == [
        ("speech", "Nadia Fields", "Welcome to the night market."),
        ("speech", "Oscar Lindt", "It smells of ginger in here."),
        ("speech", "Oscar Lindt", "And rain."),
    ]
    assert "0:04" not in found.text


def test_a_cited_book_is_not_a_speaker(read, rows):
    found = read("<p><cite>Les Vagues</cite> est un roman.</p><p>Je le relis.</p>", "a.html")
    assert rows(found) == [("speech", None, "Les Vagues est un roman."), ("speech", None, "Je le relis.")]


@over_rows(
    "page",
    [
        "<p><b>Ana Sol</b><br>Hello.</p><p><b>Leo Paz</b><br>Hi.</p>" * 2,
        "<p><strong>Ana Sol</strong> Hello.</p><p><strong>Leo Paz</strong> Hi.</p>" * 2,
        "<p><b>Ana Sol</b></p><p>Hello.</p><p><b>Leo Paz</b></p><p>Hi.</p>" * 2,
        "<p><span class='speaker'>Ana Sol</span> Hello.</p><p><span class='speaker'>Leo Paz</span> Hi.</p>" * 2,
        "<dl><dt>Ana Sol</dt><dd>Hello.</dd><dt>Leo Paz</dt><dd>Hi.</dd></dl>" * 2,
        "<table><tr><td>Ana Sol:</td><td>Hello.</td></tr><tr><td>Leo Paz:</td><td>Hi.</td></tr></table>" * 2,
    ],
)
def test_names_in_markup_are_speakers(read, rows, page):
    assert rows(read(page, "a.html")) == [("speech", "Ana Sol", "Hello."), ("speech", "Leo Paz", "Hi.")] * 2


@over_rows(
    "head, encoding, name",
    [
        ('<meta charset="iso-8859-15">', "iso-8859-15", "a.html"),
        ('<meta charset="iso-8859-1">', "cp1252", "a.html"),  # as browsers read it
        ('<meta http-equiv="Content-Type" content="text/html; charset=us-ascii">', "cp1252", "a.html"),
        ('<?xml version="1.0" encoding="iso-8859-15"?><html>', "iso-8859-15", "a.xhtml"),
    ],
)
def test_the_charset_of_a_page_is_used(read, head, encoding, name):
    assert read(f"{head}<p>Le cœur coûte 3 €.".encode(encoding), name).text == "Le cœur coûte 3 €.\n"


def test_escaped_markup_is_text(read):
    found = read(
        "<p>Write &lt;b&gt;Ana : &amp;amp;&lt;/b&gt; here.</p><script>alert('x')</script><!-- no -->", "a.html"
    )
    assert found.text == "Write <b>Ana : &amp;</b> here.\n"
