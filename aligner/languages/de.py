"""Define how German is read aloud. Letter names are spelled as they sound (c is ``ze``, v is ``vau``)."""

from aligner.languages import record

_OWN = record.letter_names("a be ze de e eff ge ha i jott ka ell emm enn o pe ku err ess te u vau we ix ypsilon zett")
# English letter names, spelled as German would spell them.
_ENGLISH = record.letter_names(
    "ey bi si di i eff dschi eytsch ei dschey key ell emm enn ou pi kju ar ess ti ju wi dabbelju ex wei si"
)

_LISTS = """
clinging: der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen
  dein deine sein seine ihr ihre unser unsere euer eure dieser diese dieses diesen diesem jeder jede jedes welcher
  welche welches in im ins an am ans auf aus bei beim mit nach von vom vor zu zum zur über unter durch für gegen ohne um
  bis seit während wegen zwischen hinter neben ich du er sie es wir man sich und oder aber denn sondern dass ob wenn
  weil als wie nicht sehr so mehr herr frau dr prof st
stressed: sie es das die wir nicht so mehr an auf aus mit nach vor zu
leaning: bin bist ist sind seid war waren wird werden wurde wurden worden habe hast hat haben hatte hatten kann können
  konnte muss müssen soll sollen will wollen darf dürfen mag möchte würde wäre ganz große großen neue neuen andere
  anderen erste ersten letzte letzten viele einige mehrere wenige alle beide jemand niemand etwas nichts zwei drei vier
  fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend
clause: und oder aber denn sondern dass ob wenn weil als obwohl damit während bevor nachdem wo wie warum deren dessen
phrase: in im ins an am auf aus bei beim mit nach von vom vor zu zum zur über unter durch für gegen ohne um bis seit
  wegen zwischen hinter neben
relative: deren dessen
amounts: viele einige hälfte teil art million millionen
of: der des von vom
locutions: zum beispiel; so dass; als ob; sowohl als auch; auf grund; ein bisschen; ein paar; ein wenig; nach wie vor;
  vor allem; mehr als; weniger als; immer mehr; immer wieder; gar nicht; gar kein; noch nicht; nicht mehr; nicht nur;
  mit hilfe; im laufe; je nachdem
numerals: zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend
  dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn sechzig siebzig achtzig neunzig zweihundert dreihundert
  zweitausend dreitausend
multipliers: hundert tausend million millionen milliarde milliarden
counted: euro prozent jahre millionen milliarden
short_forms: hr fr dr prof st vs art nr
own_short_forms: a b c d e f g h i j k l m n o p q r s t u v w x y z abb abs allg bd bes bspw bzw ca dt ebd engl evtl
  frl geb gegr gest ggf hl hrsg hrn inkl int kap mind mio mrd österr sog spez str tel usf verf vgl zzgl feb apr aug sept
  okt nov dez
openers: also auch bald bisher da dabei dadurch dafür dagegen daher damals danach dann daran darauf darum davon davor
  dazu deshalb deswegen doch dort eben endlich früher gestern heute hier immer ja jedoch jetzt kaum leider manchmal
  morgen nein nie noch nun nur oft plötzlich schließlich schon sonst später trotzdem vielleicht was wer wen wem wieder
  wohin woher zuerst zuletzt ihm ihn ihnen mir mich uns dir dich
titles: herr frau dr prof
adjective: e en er es em
stage: lachen lacht lachend gelächter applaus musik titelmusik geräusch geräusche seufzt seufzen räuspern räuspert
  hustet unverständlich stille einspieler klatschen jingle pause
stage_companions: publikum im hintergrund kurz leise laut laute pause
articles: der die das ein eine einen einem mein meine dein deine unser unsere sein seine ihr ihre dieser diese dieses
particles: von der den zu zum zur und in im
sentence_words: ich du er es wir ihr sie ist sind war waren bin habe hat haben hatte sage sagt sagen sagte dass weil
  wenn aber nicht auch wer wie wo warum noch nur
prepositions: mit für von auf bei nach über also
first_person: ich du wir uns
before_times: um gegen ab bis vor nach seit von zwischen kurz
after_times: uhr h
roles: sprecher sprecherin moderator moderatorin erzähler erzählerin stimme stimmen interviewer interviewerin gast mann
  frau kind alle publikum hörer hörerin reporter reporterin
several_voices: verschiedene stimmen ausschnitt film trailer
qualifiers: stimme
before_colon: heute morgen ja nein aber und also beispiel ergebnis fazit achtung hinweis problem lösung
chapters: kapitel teil folge abschnitt
metadata: titel datum dauer ort transkript lizenz quelle link podcast sendung beschreibung veröffentlicht video audio
participants: sprecher:innen gäste moderation teilnehmer gesprächspartner
credits: mit
transcript_titles: transkript; transkription; vollständiges transkript
end_matter: anmerkungen; fußnoten; quellen; literatur; literaturverzeichnis; links; links und quellen; weiterführende
  links; shownotes
lone: % Prozent; ‰ Promille; & und; + plus; - minus; − minus; = gleich|ist gleich; € Euro; $ Dollar; £ Pfund; ¥ Yen; @
  ät|; # Hashtag|Raute|Nummer; ° Grad; § Paragraf|Paragraph; ~ circa|ungefähr; < kleiner als|weniger als; > größer
  als|mehr als
between: - |bis|Strich|minus|zu; – |bis; / |Schrägstrich|durch|pro|oder|Slash; & und|and|; + plus; = gleich|ist gleich;
  × mal; * mal; x mal|; . |Punkt; : |zu|; @ ät; _ |Unterstrich; # Raute; % Prozent; € Euro; $ Dollar
address: . Punkt; / Slash|Schrägstrich|; - Bindestrich|minus|; _ Unterstrich|; @ ät; www we we we
units: % Prozent; ‰ Promille; € Euro; $ Dollar; £ Pfund; ¥ Yen; M€ Millionen Euro; Mio. Millionen|Million; Mio
  Millionen|Million; Mrd. Milliarden|Milliarde; Mrd Milliarden|Milliarde; k ka|tausend; K ka|tausend; ° Grad; °C
  Grad|Grad Celsius; °F Grad Fahrenheit|Grad; km Kilometer|Kilometern; km/h Stundenkilometer|Kilometer pro Stunde|ka emm
  ha; m/s Meter pro Sekunde; m Meter|Metern; cm Zentimeter|Zentimetern; mm Millimeter|Millimetern; m2 Quadratmeter; m²
  Quadratmeter; qm Quadratmeter; m3 Kubikmeter; m³ Kubikmeter; km2 Quadratkilometer; km² Quadratkilometer; ha Hektar; kg
  Kilo|Kilogramm; g Gramm; mg Milligramm; t Tonnen|Tonne; l Liter|Litern; L Liter|Litern; ml Milliliter; h
  Stunden|Stunde|Uhr; Std. Stunden|Stunde; min Minuten|Minute; Min. Minuten|Minute; s Sekunden|Sekunde; Sek.
  Sekunden|Sekunde; ms Millisekunden|Millisekunde; Hz Hertz; kHz Kilohertz; MHz Megahertz; GHz Gigahertz; dB Dezibel; KB
  Kilobyte; MB Megabyte|emm be; GB Gigabyte|ge be|Giga; TB Terabyte; W Watt; kW Kilowatt; kWh Kilowattstunden|ka we ha;
  MW Megawatt; GW Gigawatt; V Volt; PS pe ess; kcal Kilokalorien; x mal|ix
abbreviations: hr Herr; hrn Herrn; fr. Frau|Freitag; dr Doktor; prof Professor|Professorin; prof. Professor|Professorin;
  st. Sankt; str. Straße; z.b zum Beispiel; z. zum; b. Beispiel|bei; d.h das heißt; d. das|der|des; h. heißt; u.a unter
  anderem|und andere; u. und|unter; usw und so weiter; usf und so fort; etc et cetera|und so weiter; bzw
  beziehungsweise; ca circa|zirka; evtl eventuell; ggf gegebenenfalls; i.d.r in der Regel; o.ä oder ähnliches; u.ä und
  ähnliches; s.o siehe oben; s.u siehe unten; sog sogenannte|sogenannten|sogenannter; vgl vergleiche; inkl inklusive;
  exkl exklusive; max maximal; mind mindestens; mio Millionen|Million; mrd Milliarden|Milliarde; v.chr vor Christus;
  n.chr nach Christus; chr Christus; v. von|vor; n. nach; v.a vor allem; zz zurzeit; z.t zum Teil; bspw beispielsweise;
  geb. geboren|geborene; gest. gestorben; jh. Jahrhundert|Jahrhunderts; jhd Jahrhundert|Jahrhunderts; hl
  heilige|heiligen|heiliger; tel. Telefon; vs versus|gegen; gmbh ge emm be ha; i.e das heißt; e.g zum Beispiel; №
  Nummer; jr junior
before_number: nr. Nummer; nr Nummer; s. Seite; art. Artikel; abs. Absatz; kap. Kapitel; bd. Band; abb. Abbildung
fractions: 1,5 eineinhalb|anderthalb; 1/2 ein halb|einhalb|die hälfte; 1/3 ein drittel; 2/3 zwei drittel; 1/4 ein
  viertel; 3/4 drei viertel|dreiviertel; ½ ein halb|einhalb; ⅓ ein drittel; ⅔ zwei drittel; ¼ ein viertel; ¾ drei
  viertel
clock: * {h} Uhr {m}; 00 {h} Uhr|{h}; 15 {h} Uhr fünfzehn|viertel nach {h}|viertel {n}; 30 {h} Uhr dreißig|halb {n}; 45
  {h} Uhr fünfundvierzig|viertel vor {n}|dreiviertel {n}
months: Januar Februar März April Mai Juni Juli August September Oktober November Dezember
hesitations: äh ähm eh ehm aeh ahem hm hmm mm mmh ah oh
negations: nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne nein weder noch
large_numbers: tausend million millionen milliarde milliarden
"""

LANGUAGE = record.Language(
    code="de",
    captioning=record.Captioning(
        ordinal_stop=True,
        untranscribed="nicht transkribierte Stelle",
        ad="Werbung",
        jingle="Jingle",
        unreliable="diese Untertitel passen möglicherweise nicht zum Ton",
        capitals_are_names=False,
    ),
    reading=record.Reading(
        cardinals=record.Cardinals(
            code="de",
            decimal="Komma|Punkt",
            half="{w}einhalb",
            hundreds=("{c}hundert{r}",),
            by_hundreds=range(1100, 2000),
            variants=(
                (r"eins$", "ein"),
                (r"eins$", "eine"),
                (r"^ein(hundert|tausend)", r"\1"),
                (r"(hundert|tausend)(?=\w)(?!.*(?:hundert|tausend))", r"\1und"),
                (r"zwei$", "zwo"),
            ),
            digit_variants=((r"zwei", "zwo"),),
            feminine=((r"eins$", "ein"),),
        ),
        ordinals=record.Ordinals(
            ambiguous=r"(\d{1,15})\.|(\d{1,15})te[nrsm]?",
            variants=((r"e$", "en"), (r"e$", "er"), (r"e$", "es"), (r"^", "der ")),
            roman=("der {o}", "{o}", "{o}n", "{c}"),
        ),
        calendar=record.Calendar(
            hour_marks="hH:.",
            dates=("{o}r {month}[ {y}]", "{o}n {month}[ {y}]", "{o}r {p}r[ {y}]", "{o}n {p}n[ {y}]"),
        ),
        spelling=record.Spelling(
            letters=(_OWN, _OWN | record.table("j jot; y üpsilon"), _ENGLISH), words_of_one_letter="O"
        ),
    ),
    posting=record.Posting(
        marks=("„", "“"),
        inner_marks=("‚", "‘"),
        alt="Audioausschnitt, {length}. {speaker}: {quote}",
        seconds=("Sekunde", "Sekunden"),
        source="Aus {episode}, bei {at}",
    ),
).with_lists(_LISTS)
