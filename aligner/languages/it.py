"""Define how Italian is read aloud."""

from aligner.languages import record

_OWN = record.letter_names(
    "a bi ci di e effe gi acca i i_lunga cappa elle emme enne o pi cu erre esse ti u vu doppia_vu ics ipsilon zeta"
)
# English letter names, spelled as Italian would spell them.
_ENGLISH = record.letter_names(
    "ei bi si di i ef gi eic ai gei chei el em en ou pi chiu ar es ti iu vi dabliu ex uai zi"
)

_LISTS = """
clinging: il lo la i gli le l un uno una del dello della dei degli delle dell al allo alla ai agli alle all dal dallo
  dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull questo questa
  questi queste quest quel quello quella quei quegli quelle mio mia tuo tua suo sua nostro nostra loro ogni qualche di d
  a ad da in con su per tra fra senza verso contro dopo prima durante io tu lui lei noi voi mi ti si ci vi ne m t s c v
  non e ed o ma che chi cui quando dove come se perché anche più meno molto così sig dott san santa
stressed: lui lei noi voi loro più meno molto così anche
leaning: ho hai ha abbiamo avete hanno aveva avevano avrà avere sono sei è siamo siete era erano sarà essere sia sto sta
  stiamo stanno stava posso può possiamo possono devo deve dobbiamo devono voglio vuole vogliono vado va andiamo vanno
  c'è grande gran nuovo nuova stesso stessa primo prima ultimo ultima altro altra altri altre buon buona tutto tutta
  tutti qualcuno nessuno niente qualcosa molti molte pochi poche vari varie diversi diverse cattivo cattiva vecchio
  vecchia giovane giovani lungo lunga alto alta due tre quattro cinque sette otto nove dieci undici dodici venti trenta
  quaranta cinquanta cento mille
clause: e ed o ma che chi cui quando dove come se perché mentre quindi dunque però poi oppure affinché
phrase: di d a ad da in con su per tra fra del dello della dei degli delle dell al allo alla ai agli alle all dal dalla
  dai dalle dall nel nello nella nei nelle nell sul sulla sui sulle sull senza verso contro dopo durante
amounts: alcuni alcune molti molte nessuno maggioranza metà parte milione milioni miliardo miliardi migliaia centinaio
  decina dozzina ventina tipo sorta specie
of: di d del dello della dei degli delle dell
locutions: a causa di; a partire da; al di là; invece di; prima di; prima che; dopo che; per esempio; ad esempio; di
  solito; a volte; per lo più; più o meno; sempre più; in modo da; in modo che; anche se; come se; dato che; visto che;
  grazie a; insieme a; oltre a; vicino a; lontano da; fuori da; dentro di; intorno a; davanti a; quello che; ciò che;
  per quanto; a proposito di; tutto il mondo; almeno in parte; per favore; un po
numerals: due tre quattro cinque sette otto nove dieci undici dodici venti trenta quaranta cinquanta cento mille tredici
  quattordici quindici sedici diciassette diciotto diciannove
tens: venti trenta quaranta cinquanta sessanta settanta ottanta novanta
multipliers: cento duecento trecento quattrocento cinquecento seicento settecento ottocento novecento mille mila duemila
  milione milioni miliardo miliardi
joint: e
counted: euro anni ore
short_forms: sig dott prof art vol
own_short_forms: arch avv ca cap cfr dott.ssa es fig gen geom ing nn on pag pagg prof.ssa sen sig.na sig.ra sigg ss tel
titles: sig dott don
adjective: ale ali ico ica ici iche ivo iva ivi ive oso osa osi ose abile abili ibile ibili ario aria ari arie iano
  iana iani iane ante anti ente enti ano ana ani ane ista iste
stage: risate ride ridono applausi musica sospira sigla rumore rumori silenzio incomprensibile jingle
stage_companions: pubblico sottofondo sala
articles: il lo la i gli le l' un uno una mio mia tua questo questa
particles: di del della dello da la e a
sentence_words: io lui lei noi sono sei siamo dico che perché ma se non
prepositions: con per
first_person: io
before_times: alle all'una dalle verso fino prima dopo le tra
after_times: ore
roles: voce voci narratore narratrice conduttore conduttrice intervistatore ospite uomo donna
qualifiers: voce
before_colon: oggi allora quindi esempio risultato conclusione attenzione
chapters: capitolo episodio parte
metadata: titolo data durata trascrizione podcast
participants: ospiti
credits: con conduce
transcript_titles: trascrizione
end_matter: note; note e riferimenti; riferimenti; bibliografia; fonti; collegamenti
lone: % per cento; ‰ per mille; & e; + più; - meno; − meno; = uguale; € euro; $ dollari|dollaro; £ sterline|lire; ¥ yen;
  @ chiocciola|at|; # hashtag|cancelletto; ° gradi|grado; § paragrafo; ~ circa; < minore di|meno di; > maggiore di|più
  di
between: - |a|trattino|meno; – |a; / |su|barra|slash|al|o; & e|and; + più; = uguale; × per; * per; x per|; . |punto; :
  |a; @ chiocciola|at; _ |underscore|trattino basso; # cancelletto; % per cento; € euro; $ dollari
address: . punto; / barra|slash|; - trattino|; _ underscore|; @ chiocciola|at; www vu vu vu
units: % per cento; ‰ per mille; € euro; $ dollari|dollaro; £ sterline|lire; ¥ yen; M€ milioni di euro; mln milioni; mld
  miliardi; M milioni; k cappa|mila; K cappa|mila; ° gradi|grado; °C gradi|gradi celsius|gradi centigradi; °F gradi
  fahrenheit|gradi; km chilometri|chilometro; km/h chilometri orari|chilometri all'ora; m/s metri al secondo; m
  metri|metro; cm centimetri|centimetro; mm millimetri|millimetro; m2 metri quadrati|metri quadri; m² metri
  quadrati|metri quadri; mq metri quadrati|metri quadri; m3 metri cubi; m³ metri cubi; km2 chilometri quadrati; km²
  chilometri quadrati; kg chili|chilogrammi|chilo; g grammi|grammo; mg milligrammi; t tonnellate|tonnellata; l
  litri|litro; L litri|litro; ml millilitri; h ore|ora; min minuti|minuto; s secondi|secondo; sec secondi|secondo; ms
  millisecondi; Hz hertz; kHz chilohertz; MHz megahertz; GHz gigahertz; dB decibel; KB chilobyte; MB megabyte|mega; GB
  gigabyte|giga; TB terabyte|tera; W watt; kW chilowatt; kWh chilowattora; MW megawatt; GW gigawatt; V volt; kcal
  chilocalorie; x per|ics
abbreviations: sig signor|signore; sig. signor|signore; sig.ra signora; sig.na signorina; sigg. signori; sig.ri signori;
  dott dottor|dottore; dott.ssa dottoressa; dr dottor|dottore; prof professor|professore; prof. professor|professore;
  prof.ssa professoressa; avv. avvocato; ing. ingegner|ingegnere; arch. architetto; geom. geometra; on. onorevole; sen.
  senatore|senatrice; gen. generale; don. don; s. san|santo|santa; ss. santi; p.zza piazza; v.le viale; c.so corso; ecc
  eccetera|eccetera eccetera; etc eccetera|eccetera eccetera; p.es per esempio; es. esempio; a.c avanti cristo; d.c dopo
  cristo; ca. circa; cfr confronta; cf confronta; vs versus|contro; i.e cioè; e.g per esempio; tel. telefono; f.lli
  fratelli; spa società per azioni|esse pi a; s.p.a esse pi a|società per azioni; s.r.l esse erre elle; n° numero; nº
  numero; № numero; nr. numero; jr junior
before_number: n. numero; nn. numeri; num. numero; pag. pagina; pagg. pagine; p. pagina; art. articolo; cap. capitolo;
  vol. volume; fig. figura; ep. episodio
fractions: 1/2 un mezzo|mezzo|mezza; 1/3 un terzo; 2/3 due terzi; 1/4 un quarto; 3/4 tre quarti; ½ un mezzo|e
  mezzo|mezzo; ⅓ un terzo; ⅔ due terzi; ¼ un quarto; ¾ tre quarti
hours: 0 mezzanotte; 24 mezzanotte
clock: * {h} e {m}|{h} {m}; 00 {h}|{h} in punto|{h} zero zero|ore {h}; 15 {h} e quindici|{h} e un quarto|{h} e quarto;
  30 {h} e trenta|{h} e mezza|{h} e mezzo|{h} trenta; 45 {h} e quarantacinque|{n} meno un quarto|{h} e tre quarti
months: gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
hesitations: ehm eh ecco beh hum hm hmm mm mmh ah oh
negations: non no mai nulla niente nessuno nessuna senza né neanche nemmeno
large_numbers: mille mila milione milioni miliardo miliardi
"""

LANGUAGE = record.Language(
    code="it",
    captioning=record.Captioning(
        endings=record.Endings(adverb="mente", adjectives_follow=True),
        untranscribed="passaggio non trascritto",
        ad="pubblicità",
        jingle="sigla",
        unreliable="questi sottotitoli potrebbero non corrispondere all'audio",
    ),
    reading=record.Reading(
        cardinals=record.Cardinals(
            code="it",
            decimal="virgola|punto",
            half="{w} e mezzo",
            variants=((r"uno$", "un"), (r"^uno$", "una"), (r"^mille(?=.)", "mille e ")),
            feminine=((r"^uno$", "una"),),
        ),
        ordinals=record.Ordinals(
            pattern=r"(?<!\d)(\d{1,15})[ºª°](?!\s?[CF]\b)",
            ambiguous=r"(\d{1,15})(?:°|o|a|i|e|esim[oaie])",
            variants=((r"o$", "a"), (r"o$", "i"), (r"o$", "e")),
            plural=((r"o$", "i"),),
            roman=("{o}", "{c}"),
        ),
        calendar=record.Calendar(
            hour_marks="hH:.",
            dates=("{d} {month}[ {y}]", "{d} {m}[ {y}]"),
        ),
        spelling=record.Spelling(
            letters=(
                _OWN,
                _OWN | record.table("j gei; k kappa; v vi; w vu doppia; x ics; y i greca"),
                _OWN | record.table("w vu; v vi"),
                _ENGLISH,
            ),
            words_of_one_letter="AEIOÈ",
        ),
    ),
    posting=record.Posting(
        marks=("«", "»"),
        inner_marks=("“", "”"),
        alt="Estratto audio, {length}. {speaker}: {quote}",
        seconds=("secondo", "secondi"),
        source="Da {episode}, a {at}",
    ),
).with_lists(_LISTS)
