"""Tables of written text and a way to read it aloud, one for each language."""

from itertools import product

from aligner.normalization import readings, spell, unaccented
from tests.tables import over_rows

FRENCH = """
1990 = mille neuf cent quatre-vingt-dix
70 = septante
1,5 = un virgule cinq
2 300 = deux mille trois cents
1er = premier
XIXe siècle = dix-neuvième siècle
Louis XIV = Louis quatorze
10-15 = dix à quinze
18h30 = six heures et demie
12/03/2024 = douze mars deux mille vingt-quatre
3/4 = trois quarts
30% = trente pour cent
20°C = vingt degrés
5,50€ = cinq euros cinquante
10 km = dix kilomètres
80km/h = quatre-vingts kilomètres heure
500Go = cinq cents gigas
p. 12 = page douze
M. Petit = monsieur Petit
St-Denis = Saint-Denis
etc. = et cétéra
av. J.-C. = avant Jésus-Christ
l'IA = l'i a
GPT-4 = gé pé té quatre
ChatGPT = chat gé pé té
CO2 = cé o deux
RGPD = erre gé pé dé
www.exemple.fr = trois double vé point exemple point fr
nom@exemple.com = nom arobase exemple point com
génération Y = génération i grec
"""

ENGLISH = """
1990 = nineteen ninety
1990 = one thousand nine hundred ninety
2021 = twenty twenty-one
100 = a hundred
007 = oh oh seven
1.5 = one and a half
3.14 = three point one four
2 300 = twenty-three hundred
20th = the twentieth
1990s = nineteen nineties
18:30 = half past six
6pm = six pee em
25/12/2024 = the twenty-fifth of December two thousand and twenty-four
9/11 = nine eleven
£5.50 = five pounds fifty
$5bn = five billion dollars
No. 5 = number five
U.S. = you ess
e.g. = for example
APIs = ay pee eyes
Henry VIII = Henry the eighth
Dr. Brown = doctor Brown
vs. = versus
example.co.uk = example dot co dot uk
"""

SPANISH = """
1,5 = uno coma cinco
1,5 = uno y medio
21 = veintiún
18:30 = seis y media
3ª = tercera
1.er = primer
EE.UU. = Estados Unidos
Sr. Dña. = señor doña
Felipe VI = Felipe sexto
siglo XIX = siglo diecinueve
ONU = o ene u
WWF = uve doble uve doble efe
n.º 5 = número cinco
12/03/2024 = doce de marzo de dos mil veinticuatro
generación Y = generación i griega
"""

ITALIAN = """
1,5 = uno e mezzo
18:30 = sei e mezza
3ª = terza
Sig.ra = signora
ecc. = eccetera
HIV = acca i vu
n. 5 = numero cinque
"""

PORTUGUESE = """
2 = duas
16 = dezesseis
18h30 = seis e meia
Sr. = senhor
EUA = Estados Unidos
R$5 = cinco reais
nº 5 = número cinco
12/03/2024 = doze de março de dois mil e vinte e quatro
"""

GERMAN = """
1990 = neunzehnhundertneunzig
18:30 = achtzehn Uhr dreißig
18.30 = halb sieben
3. Oktober = dritter Oktober
12.03.2024 = zwölfter dritter zweitausendvierundzwanzig
z.B. = zum Beispiel
d.h. = das heißt
Nr. 5 = Nummer fünf
BMW = be emm we
Ludwig XIV. = Ludwig der vierzehnte
1,5 = eineinhalb
"""

DUTCH = """
1,5 = anderhalf
1,5 = één komma vijf
1987 = negentienhonderdzevenentachtig
2021 = tweeduizend eenentwintig
1250 = twaalfhonderdvijftig
0612345678 = nul zes twaalf vierendertig zesenvijftig achtenzeventig
1e = eerste
20e eeuw = twintigste eeuw
3/4 = driekwart
€3,50 = drie euro vijftig
120 km/u = honderdtwintig kilometer per uur
3 mln = drie miljoen
14u30 = half drie
8:15u = kwart over acht
20.20 = tien voor half negen
d.w.z. = dat wil zeggen
t/m = tot en met
v.Chr. = voor Christus
dhr. Jansen = de heer Jansen
mr. dr. Bos = meester doctor Bos
't = het
PvdA = pee vee dee aa
Willem III = Willem de derde
naam@voorbeeld.nl = naam apenstaartje voorbeeld punt en el
"""

TABLES = {"nl": DUTCH, "fr": FRENCH, "en": ENGLISH, "es": SPANISH, "it": ITALIAN, "pt": PORTUGUESE, "de": GERMAN}
ROWS = [(language, *row.split(" = ")) for language, table in TABLES.items() for row in table.strip().splitlines()]


def first(text: str, language: str) -> str:
    return "".join(ways[0] for ways in readings(text.split(), language))


@over_rows("language, written, spoken", ROWS)
def test_written_text_has_this_reading(language: str, written: str, spoken: str) -> None:
    ways = readings(written.split(), language)
    assert first(spoken, language) in {"".join(reading) for reading in product(*ways)}


@over_rows("language, written", sorted({row[:2] for row in ROWS}))
def test_the_first_reading_is_the_one_used_to_match(language: str, written: str) -> None:
    tokens = written.split()
    for letters, ways in zip(spell(tokens, language), readings(tokens, language), strict=True):
        if letters.isascii() and letters.isalpha():
            assert unaccented(ways[0]) == letters
