"""Define how Dutch is read aloud in the Netherlands and Flanders. Letters are spelled as they sound (c is ``see``)."""

from aligner.languages import record

_OWN = record.letter_names(
    "aa bee see dee ee ef gee haa ie jee kaa el em en oo pee kuu er es tee uu vee wee iks ij zet"
)
# English letter names, spelled as Dutch would spell them.
_ENGLISH = record.letter_names(
    "ee bie sie die ie ef dzjie eetsj ai dzjee kee el em en oo pie kjoe aar es tie joe vie dubbeljoe eks wai zie"
)

_LISTS = """
clinging: de het t een n dit dat die deze mijn je jouw uw zijn haar ons onze jullie hun elk elke ieder iedere geen welk
  welke sommige van in op aan met voor bij door uit om naar over tot te ten ter tegen tussen onder boven zonder na sinds
  tijdens volgens vanaf vanuit vanwege wegens dankzij ondanks binnen buiten achter naast langs per qua rond ik k jij u
  hij zij ze wij we men er zich en of maar want dus als omdat doordat zodat terwijl hoewel toen wanneer voordat nadat
  tenzij zoals totdat wie wat waar hoe niet nooit zeer heel erg zo meer minder alleen meneer mevrouw heer dhr mevr mw dr
  drs ir mr prof sint st nr
stressed: dit dat die deze zijn haar ons jullie u we elk ieder geen in op aan met voor bij door uit om over tot tegen
  tussen onder boven na binnen buiten achter naast langs rond er niet nooit zo meer minder
leaning: ben bent is was waren word wordt worden werd werden heb hebt heeft hebben had hadden kan kun kunt kunnen kon
  konden moet moeten moest moesten mag mogen mocht mochten wil wilt willen wilde wilden wou zal zult zullen zou zouden
  ga gaat gaan ging gingen hoef hoeft hoeven doe doet doen deed laat laten liet lieten blijf blijft blijven bleef kom
  komt komen kwam goede groot grote klein kleine nieuw nieuwe oud oude jong jonge lang lange hoge mooie hele echte
  eerste tweede derde laatste vorige volgende ander andere zelfde dezelfde hetzelfde eigen enige enkele veel weinig alle
  bijna echt best nogal vrij tamelijk ongeveer twee drie vier vijf zes zeven acht negen tien elf twaalf twintig honderd
  duizend
clause: en of maar want dus omdat doordat zodat terwijl hoewel toen wanneer als voordat nadat tenzij zoals dat die wat
  wie waar waarom waarbij waardoor waarin waarmee waarop waarvan hoe totdat zolang zodra dan noch
phrase: van in op aan met voor bij door uit om naar over tot tegen tussen onder boven zonder na sinds tijdens volgens
  vanaf vanuit vanwege wegens dankzij ondanks binnen buiten achter naast langs per rond
separable: aan achter af bij binnen boven buiten dicht door in langs los mee na neer om onder op open over rond samen
  tegen terug toe uit vast voor weg
relative: dat die wat wie
amounts: een één twee drie geen beide veel weinig paar aantal meeste helft kwart deel soort soorten miljoen miljoenen
  miljard miljarden duizenden honderden tientallen tal
of: van
locutions: in plaats van; op basis van; ten opzichte van; aan de hand van; een beetje; een paar; met behulp van; naar
  aanleiding van; onder andere; onder meer; niet meer; nog niet; niet alleen; meer dan; minder dan; steeds meer; zo lang
  als; zo snel als; net als; als het ware; in de loop van; bij voorbeeld; op het gebied van; door middel van
numerals: twee drie vier vijf zes zeven acht negen tien elf twaalf twintig honderd duizend dertien veertien vijftien
  zestien zeventien achttien negentien dertig veertig vijftig zestig zeventig tachtig negentig
multipliers: honderd duizend miljoen miljard
counted: euro dollar procent jaar uur minuten seconden dagen weken maanden keer graden duizend miljoen miljard
short_forms: dhr mevr mr dr drs prof st nr blz hfst afl art vgl bijv ca
own_short_forms: afb bd dl ds fam fig gebr gem ing ir jg jhr jl jrg mej mw nl no nrs okt pag par resp tab tel feb apr
  aug sept nov dec
titles: dhr mevr mw mr drs dr ir prof meneer mevrouw
adjective: ige ische lijke bare ele ieve zame se loze
stage: lachen lacht lachend gelach grinnikt grinniken giechelt gegiechel applaus applaudisseert geklap gejuich muziek
  muziekje achtergrondmuziek begintune eindtune herkenningsmelodie jingle geluid geluiden geluidsfragment geruis
  geroezemoes rumoer lawaai stilte pauze zucht zuchten hoest hoesten kucht kuchen niest snikt huilt fluistert
  gefluister zingt gezang onverstaanbaar onhoorbaar piep
stage_companions: publiek zaal achtergrond zacht zachte zachtjes luid hard kort korte lang begin einde iedereen samen
  allebei nerveus vrolijke rustige klinkt start stopt overgang
articles: de het een mijn jouw uw zijn haar ons onze hun deze
particles: van der den de ten ter het 't op aan en in
sentence_words: ik je jij hij zij we wij jullie zijn was bent is heb heeft hebben had waren wordt worden niet omdat
  want maar ook wat waar waarom zei zegt zeggen denk denkt weet moet kunnen moeten dus
prepositions: met voor bij naar tegen
first_person: ik wij we mijn ons onze
before_times: om rond tot vanaf na voor sinds tegen tussen
after_times: uur
roles: spreker spreekster stem stemmen presentator presentatrice gast gasten interviewer interviewster verslaggever
  verslaggeefster journalist journaliste redacteur redactrice gastheer gastvrouw verteller vertelster luisteraar
  luisteraars deelnemer deelneemster moderator voice-over man vrouw kind jongen meisje iedereen publiek onbekend
  onbekende omroeper nieuwslezer tolk leerling geluidsfragment fragment
several_voices: stemmen diverse verschillende meerdere fragment fragmenten archieffragment trailer
qualifiers: stem voice-over
before_colon: vandaag gisteren maar dus want nee oké nou kortom samengevat voorbeeld voorbeelden resultaat conclusie
  probleem oplossing opmerking waarschuwing bovendien daarom vertaling
chapters: hoofdstuk deel aflevering onderdeel
metadata: titel datum duur locatie transcriptie transcript uitgeschreven bron bronnen link beschrijving omschrijving
  samenvatting gepubliceerd opgenomen opname redactie eindredactie montage productie programma uitzending trefwoorden
  licentie auteur techniek vormgeving illustratie foto
participants: gasten presentatie presentatoren sprekers
credits: met gepresenteerd presentatie
transcript_titles: transcriptie; volledige transcriptie; transcriptie van de aflevering; volledig transcript;
  transcript van de aflevering; uitgeschreven tekst; uitgeschreven aflevering; volledige tekst; uitgeschreven gesprek
end_matter: noten; voetnoten; eindnoten; bronnen; bronvermelding; bronnen en links; links en bronnen; literatuur;
  literatuurlijst; referenties; verwijzingen; nuttige links; verder lezen; meer lezen; meer weten; lees meer; meer
  informatie; shownotes; colofon; aantekeningen
lone: % procent; ‰ promille; & en; + plus; - min; − min; = is|is gelijk aan; € euro; $ dollar; £ pond; ¥ yen; @
  at|apenstaartje|; # hashtag|hekje; ° graden|graad; § paragraaf; ~ circa|ongeveer; × keer|maal; < kleiner dan|minder
  dan; > groter dan|meer dan; © copyright
between: - |tot|streepje|min|à; – |tot|tot en met; / |slash|schuine streep|per|of|gedeeld door; & en|and|; + plus; =
  is|is gelijk aan; × keer|maal|bij; * keer; x keer|bij|maal|; . |punt; : |op|staat tot; @ at|apenstaartje; _
  |underscore|laag streepje; # hekje; % procent; € euro; $ dollar
address: . punt; / slash|schuine streep|; - streepje|koppelteken|; _ underscore|laag streepje|; @ at|apenstaartje; www
  wee wee wee|; nl en el|nl; com com|kom
units: % procent; ‰ promille; € euro; $ dollar; £ pond; ¥ yen; k€ duizend euro; M€ miljoen euro; mln miljoen; mln.
  miljoen; mio miljoen; mld miljard; mld. miljard; k kaa|duizend; K kaa|duizend; ° graden|graad; °C graden|graden
  celsius; °F graden fahrenheit|graden; km kilometer|kilometers; km/u kilometer per uur; km/h kilometer per uur; m/s
  meter per seconde; m meter|meters; dm decimeter; cm centimeter|centimeters; mm millimeter|millimeters; µm micrometer;
  nm nanometer; m2 vierkante meter; m² vierkante meter; m3 kubieke meter|kuub; m³ kubieke meter|kuub; km2 vierkante
  kilometer; km² vierkante kilometer; ha hectare|hectaren; kg kilo|kilogram; g gram; mg milligram; µg microgram; t ton;
  l liter; L liter; dl deciliter; cl centiliter; ml milliliter; u uur|uren; u. uur|uren; h uur|uren; min minuten|minuut;
  min. minuten|minuut; s seconden|seconde; sec seconden|seconde; sec. seconden|seconde; ms milliseconden; Hz hertz; kHz
  kilohertz; MHz megahertz; GHz gigahertz; dB decibel; KB kilobyte; kB kilobyte; MB megabyte|mega; GB gigabyte|gig; TB
  terabyte; W watt; kW kilowatt; kWh kilowattuur; MW megawatt; MWh megawattuur; GW gigawatt; GWh gigawattuur; V volt; A
  ampère; pk pee kaa|paardenkracht; kcal kilocalorieën; x keer|maal|iks
abbreviations: 't het|ut; 'n een|un; 's es|des; 'k ik; 'm hem|um; z'n zijn|zun; m'n mijn|mun; d'r haar|dur; dhr de
  heer|heer; hr de heer|meneer; mevr mevrouw; mw mevrouw; mej mejuffrouw; mr meester|mister; dr dokter|doctor; drs
  doctorandus; prof professor; prof. professor; ir ingenieur; ing. ingenieur; ds dominee; jhr jonkheer; st. sint; fam.
  familie; gebr gebroeders; jr junior; sr senior; aanst. aanstaande; a.d.h.v aan de hand van; afb. afbeelding; a.s
  aanstaande; b.v bijvoorbeeld|bee vee; bv bijvoorbeeld|bee vee; bijv bijvoorbeeld; blz bladzijde|pagina; ca circa; chr
  christus; d.d de dato; d.m.v door middel van; d.w.z dat wil zeggen; e.a en andere|en anderen; e.d en dergelijke; ed.
  editie|redactie; enz enzovoort|enzovoorts; etc et cetera|enzovoort; e.v en volgende; evt eventueel|eventuele; e.e.a
  een en ander; excl exclusief; gem. gemiddeld|gemiddelde|gemeente; i.c.m in combinatie met; i.g.v in geval van; i.h.a
  in het algemeen; i.h.b in het bijzonder; i.i.g in ieder geval; i.p.v in plaats van; i.s.m in samenwerking met; i.t.t
  in tegenstelling tot; i.v.m in verband met; incl inclusief; j.l jongstleden; jl jongstleden; jrg. jaargang; l.l
  laatstleden; max maximaal|maximum; m.a.w met andere woorden; m.b.t met betrekking tot; m.b.v met behulp van; m.i mijns
  inziens; m.i.v met ingang van; min. minimaal|minuten|minister; m.m.v met medewerking van; m.n met name; m.u.v met
  uitzondering van; mln miljoen; mld miljard; n.a.v naar aanleiding van; n.b nota bene; nl. namelijk; n.v.t niet van
  toepassing; n.chr na christus; o.a onder andere|onder anderen; o.b.v op basis van; o.i.d of iets dergelijks; o.l.v
  onder leiding van; o.m onder meer; ong ongeveer; p.p per persoon; p.j per jaar; p.m per maand; p.u per uur; p.w per
  week; red. redactie; resp respectievelijk; t.a.v ten aanzien van|ter attentie van; t.b.v ten behoeve van; t.g.v ten
  gevolge van|ter gelegenheid van; t.n.v ten name van; t.o.v ten opzichte van; t.w te weten; t.z.t te zijner tijd; t/m
  tot en met; tel. telefoon; v.a vanaf; vanw. vanwege; v.chr voor christus; v.d van de|van der; vgl vergelijk; vh van
  het|voorheen; v.h van het; vs. versus|tegen; v.v vice versa; w.o waaronder; z.g.n zogenaamd|zogenaamde; zgn
  zogenaamd|zogenaamde|zogenoemde; z.s.m zo snel mogelijk; btw bee tee wee; cd see dee; cv see vee; dj die dzjee; dvd
  dee vee dee; ggz gee gee zet; gsm gee es em; hbo haa bee oo; ict ie see tee; mbo em bee oo; nv en vee; ov oo vee; pc
  pee see; sms es em es; tv tee vee; vmbo vee em bee oo; vwo vee wee oo; wc wee see; wo wee oo; zzp zet zet pee; zzp'er
  zet zet pee er; zzp'ers zet zet pee ers; tv's tee vees; n° nummer; nº nummer; № nummer
before_number: nr. nummer; nr nummer; nrs. nummers; nrs nummers; no. nummer; p. pagina|bladzijde; pag. pagina; pp.
  pagina's; afl. aflevering; art. artikel; bd. band; dl. deel; fig. figuur; hfst. hoofdstuk; jg. jaargang; kl.
  klas|klasse; nov. november; okt. oktober; par. paragraaf; s seizoen; tab. tabel; vol. volume
fractions: 1,5 anderhalf|één komma vijf; 0,5 een half|half|nul komma vijf; 1/2 een half|half|de helft|één half; 1/3 een
  derde|één derde; 2/3 twee derde; 1/4 een kwart|kwart|één vierde; 3/4 driekwart|drie vierde; ½ een half|enhalf|half; ⅓
  een derde|één derde; ⅔ twee derde; ¼ een kwart|kwart; ¾ driekwart; 1½ anderhalf
clock: * {h} uur {m}|{h} {m}; 00 {h} uur|{h}; 05 {h} uur vijf|vijf over {h}; 10 {h} uur tien|tien over {h}; 15 {h} uur
  vijftien|kwart over {h}|{h} vijftien; 20 {h} uur twintig|tien voor half {n}|twintig over {h}; 25 {h} uur
  vijfentwintig|vijf voor half {n}; 30 half {n}|{h} uur dertig|{h} dertig; 35 {h} uur vijfendertig|vijf over half {n};
  40 {h} uur veertig|tien over half {n}|twintig voor {n}; 45 kwart voor {n}|{h} uur vijfenveertig|{h} vijfenveertig; 50
  {h} uur vijftig|tien voor {n}; 55 {h} uur vijfenvijftig|vijf voor {n}
months: januari februari maart april mei juni juli augustus september oktober november december
hesitations: eh ehm eeh euh uh uhm uhh hè hm hmm mm mmh ah oh tja nou
negations: niet geen nooit niets niks niemand nergens zonder noch nee nimmer
large_numbers: duizend duizenden miljoen miljoenen miljard miljarden
"""

LANGUAGE = record.Language(
    code="nl",
    captioning=record.Captioning(
        quotes=("«»", "“”", "„”", "‘’"),
        untranscribed="niet uitgeschreven fragment",
        ad="reclame",
        unreliable="deze ondertiteling komt mogelijk niet overeen met het geluid",
    ),
    reading=record.Reading(
        cardinals=record.Cardinals(
            code="nl",
            decimal="komma|punt",
            half="{w}enhalf",
            hundreds=("{c}honderd{r}",),
            by_hundreds=range(1100, 10_000),
            variants=(
                (r"één", "een"),
                (
                    r"(honderd|duizend)(?=(?:één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf)$)",
                    r"\1en",
                ),
            ),
            digit_variants=((r"zeven", "zeuven"),),
        ),
        ordinals=record.Ordinals(
            pattern=r"(?<!\d)(\d{1,15})(?:ste|de|e)\b",
            ambiguous=r"(\d{1,15})(?:ᵉ|ˢᵗᵉ|ᵈᵉ)",
            plural=((r"$", ""),),
            roman=("de {o}", "{c}", "{o}"),
        ),
        calendar=record.Calendar(
            hour_marks="uUhH:.",
            dates=("{d} {month}[ {y}]", "{d} {m}[ {y}]"),
            first_is_ordinal=False,
        ),
        currency_first=True,
        spelling=record.Spelling(
            letters=(_OWN, _OWN | record.table("y ypsilon"), _OWN | record.table("y griekse ij"), _ENGLISH),
            words_of_one_letter="UO",
            elides=False,
        ),
    ),
    posting=record.Posting(
        alt="Audiofragment, {length}. {speaker}: {quote}",
        seconds=("seconde", "seconden"),
        source="Uit {episode}, op {at}",
    ),
).with_lists(_LISTS)
