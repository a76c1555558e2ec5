"""Tables, a language each, of what is written and a way in which it is read aloud."""

from __future__ import annotations

from itertools import product

import pytest

from aligner.normalization import readings, spell, unaccented

FRENCH = """
1990 = mille neuf cent quatre-vingt-dix
1990 = dix-neuf cent quatre-vingt-dix
1990 = dix-neuf cent nonante
70 = septante
85 = huitante-cinq
2021 = vingt vingt et un
21 filles = vingt et une filles
1,5 = un virgule cinq
d'1,5 = d'un et demi
3,14 = trois virgule quatorze
0612345678 = zéro six douze trente-quatre cinquante-six soixante-dix-huit
06 12 34 56 78 = zéro six douze trente-quatre cinquante-six soixante-dix-huit
2 300 = deux mille trois cents
1er = premier
1re = première
2e = seconde
XIXe siècle = dix-neuvième siècle
Louis XIV = Louis quatorze
François Ier = François premier
10-15 = dix à quinze
18h30 = dix-huit heures trente
18h30 = six heures et demie
18:45 = sept heures moins le quart
12h30 = midi trente
18 h 30 = dix-huit heures trente
12/03/2024 = douze mars deux mille vingt-quatre
01/05/2020 = premier mai deux mille vingt
3/4 = trois quarts
3/4 = trois sur quatre
9/10 = neuf dixièmes
1er-Mai = premier mai
2 500,50 = deux mille cinq cents virgule cinquante
1½ = un et demi
30% = trente pour cent
5‰ = cinq pour mille
20°C = vingt degrés
-5 = moins cinq
5,50€ = cinq euros cinquante
3Md€ = trois milliards d'euros
10 km = dix kilomètres
80km/h = quatre-vingts kilomètres heure
100m² = cent mètres carrés
500Go = cinq cents gigas
n°5 = numéro cinq
n° 5 = numéro cinq
p. 12 = page douze
M. Petit = monsieur Petit
Mme Petit = madame Petit
St-Denis = Saint-Denis
etc. = et cétéra
av. J.-C. = avant Jésus-Christ
l'IA = l'i a
d'ONU, = d'o enne u
GPT-4 = gé pé té quatre
GPT-4 = dji pi ti quatre
ChatGPT = chat gé pé té
CO2 = cé o deux
MP3 = emme pé trois
B2B = bi tou bi
5G = cinq gé
S.N.C.F. = esse enne cé effe
RGPD = erre gé pé dé
HLM = ache elle emme
R&D = erre et dé
www.exemple.fr = trois double vé point exemple point fr
nom@exemple.com = nom arobase exemple point com
#paix = hashtag paix
H1N1 = ache un enne un
4x4 = quatre quatre
vitamine C = vitamine cé
génération Y = génération i grec
"""

ENGLISH = """
1990 = nineteen ninety
1990 = one thousand nine hundred ninety
1905 = nineteen oh five
2021 = twenty twenty-one
2021 = two thousand twenty-one
100 = a hundred
747 = seven forty-seven
404 = four oh four
007 = oh oh seven
1.5 = one and a half
3.14 = three point one four
2 300 = twenty-three hundred
20th = the twentieth
1990s = nineteen nineties
'90s = nineties
18:30 = half past six
6pm = six pee em
6 pm = six pee em
7:05 = seven oh five
25/12/2024 = the twenty-fifth of December two thousand and twenty-four
12/03/2024 = December third twenty twenty-four
9/11 = nine eleven
£5.50 = five pounds fifty
$5bn = five billion dollars
No. 5 = number five
U.S. = you ess
e.g. = for example
APIs = ay pee eyes
NASA's = NASA's
Elizabeth I = Elizabeth the first
Henry VIII = Henry the eighth
part II = part two
Dr. Brown = doctor Brown
vs. = versus
R&D = ar and dee
example.co.uk = example dot co dot uk
10-15 = ten to fifteen
"""

SPANISH = """
1,5 = uno coma cinco
1,5 = uno y medio
21 = veintiún
18:30 = seis y media
3ª = tercera
1.er = primer
EE. UU. = Estados Unidos
EE.UU. = Estados Unidos
Sr. Dña. = señor doña
Felipe VI = Felipe sexto
siglo XIX = siglo diecinueve
ONU = o ene u
HB = hache be
WWF = uve doble uve doble efe
n.º 5 = número cinco
12/03/2024 = doce de marzo de dos mil veinticuatro
20°C = veinte grados
generación Y = generación i griega
"""

ITALIAN = """
1,5 = uno e mezzo
18:30 = sei e mezza
3ª = terza
Sig.ra = signora
ecc. = eccetera
XX = ventesimo
WWF = doppia vu doppia vu effe
HIV = acca i vu
n. 5 = numero cinque
12/03/2024 = dodici marzo duemilaventiquattro
"""

PORTUGUESE = """
2 = duas
16 = dezesseis
18h30 = seis e meia
3ª = terceira
Sr. = senhor
EUA = Estados Unidos
HIV = agá i vê
R$5 = cinco reais
nº 5 = número cinco
12/03/2024 = doze de março de dois mil e vinte e quatro
"""

GERMAN = """
1990 = neunzehnhundertneunzig
100 = hundert
18:30 = achtzehn Uhr dreißig
18.30 = halb sieben
3. Oktober = dritter Oktober
12.03.2024 = zwölfter dritter zweitausendvierundzwanzig
z.B. = zum Beispiel
z. B. = zum Beispiel
d.h. = das heißt
usw. bzw. = und so weiter beziehungsweise
Nr. 5 = Nummer fünf
BMW = be emm we
Ludwig XIV. = Ludwig der vierzehnte
1,5 = eineinhalb
"""

DUTCH = """
21 = eenentwintig
1,5 = anderhalf
1,5 = één komma vijf
2,5 = tweeënhalf
0,5 = een half
1½ = anderhalf
3,14 = drie komma veertien
1987 = negentienhonderdzevenentachtig
1987 = negentien zevenentachtig
1905 = negentien nul vijf
2021 = twintig eenentwintig
2021 = tweeduizend eenentwintig
1250 = twaalfhonderdvijftig
1.250 = twaalfhonderdvijftig
3650 = zesendertighonderdvijftig
1.200.000 = een miljoen tweehonderdduizend
12 500 = twaalfduizend vijfhonderd
101 = honderd en één
020-5551234 = nul twintig vijf vijf vijf één twee drie vier
0612345678 = nul zes twaalf vierendertig zesenvijftig achtenzeventig
1e = eerste
3e = derde
8ste = achtste
20e eeuw = twintigste eeuw
2de = tweede
3/4 = driekwart
1/3 = een derde
3/5 = drie vijfde
1:3 = één op drie
€3,50 = drie euro vijftig
€10 = tien euro
$5 = vijf dollar
30% = dertig procent
5‰ = vijf promille
-5 = min vijf
20°C = twintig graden
75m² = vijfenzeventig vierkante meter
120 km/u = honderdtwintig kilometer per uur
64 kWh = vierenzestig kilowattuur
3 mln = drie miljoen
10-15 = tien tot vijftien
14.30 = half drie
14.30 = veertien uur dertig
14:30 = half drie
14u30 = half drie
20.30u = half negen
8:15u = kwart over acht
17.45 = kwart voor zes
8.15 = kwart over acht
20.20 = tien voor half negen
9.05 = vijf over negen
16u = zestien uur
20.00 = acht uur
4 mei = vier mei
12/05 = twaalf mei
4-5-2021 = vier mei tweeduizend eenentwintig
'90 = negentig
bijv. = bijvoorbeeld
enz. = enzovoort
d.w.z. = dat wil zeggen
m.b.t. = met betrekking tot
m.a.w. = met andere woorden
t.o.v. = ten opzichte van
i.p.v. = in plaats van
o.a. = onder andere
t/m = tot en met
v.Chr. = voor Christus
dhr. Jansen = de heer Jansen
mevr. Jansen = mevrouw Jansen
mr. dr. Bos = meester doctor Bos
drs. Bos = doctorandus Bos
nr. 18 = nummer achttien
blz. 301 = bladzijde driehonderdeen
hfst. 4 = hoofdstuk vier
't = het
z'n = zijn
CBS = see bee es
BTW = bee tee wee
tv = tee vee
PvdA = pee vee dee aa
D66 = dee zesenzestig
CO2 = see oo twee
USB = joe es bie
R&D = er en dee
Willem III = Willem de derde
Wereldoorlog II = Wereldoorlog twee
www.voorbeeld.nl = wee wee wee punt voorbeeld punt en el
naam@voorbeeld.nl = naam apenstaartje voorbeeld punt en el
#zorg = hashtag zorg
"""

TABLES = {"nl": DUTCH, "fr": FRENCH, "en": ENGLISH, "es": SPANISH, "it": ITALIAN, "pt": PORTUGUESE, "de": GERMAN}
ROWS = [
    (language, *row.split(" = ")) for language, table in TABLES.items() for row in table.strip().splitlines()
]  # fmt: skip


def first(text: str, language: str) -> str:
    return "".join(ways[0] for ways in readings(text.split(), language))


@pytest.mark.parametrize(("language", "written", "spoken"), ROWS)
def test_what_is_written_may_be_said_so(language: str, written: str, spoken: str) -> None:
    ways = readings(written.split(), language)
    assert first(spoken, language) in {"".join(said) for said in product(*ways)}


@pytest.mark.parametrize(("language", "written"), sorted({row[:2] for row in ROWS}))
def test_the_first_reading_is_the_one_for_matching(language: str, written: str) -> None:
    tokens = written.split()
    for letters, ways in zip(spell(tokens, language), readings(tokens, language), strict=True):
        if letters.isascii() and letters.isalpha():
            assert unaccented(ways[0]) == letters
