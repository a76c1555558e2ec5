"""Define how English is read aloud in Britain and in America."""

from aligner.languages import record

_AMERICAN = record.letter_names(
    "ay bee see dee ee ef gee aitch eye jay kay el em en oh pee cue ar ess tee you vee double_you ex why zee"
)

_LISTS = """
clinging: a an the this that these those my your his her its our their some any no every each which what whose of in on
  at by to for from with without into onto over under about between through during before after against among within
  upon per than as like near off up out toward towards since until till i you he she it we they who and or but nor so if
  because although though while when where whether not very too more most less quite rather such only mr mrs ms dr prof
  st behind beyond below above around across along past inside outside beside despite except why how whatever whichever
stressed: it you her this that these those some any more less in on up out off over by so not behind beyond below above
  around across along past inside outside why how
leaning: am is are was were be been being have has had having do does did will would shall should can could may might
  must i'm you're he's she's it's we're they're i've you've we've they've i'll you'll he'll she'll it'll we'll they'll
  i'd you'd he'd she'd we'd they'd don't doesn't didn't won't wouldn't can't couldn't isn't aren't wasn't weren't
  haven't hasn't hadn't shouldn't let's gonna new old good great big little same other own first last next many much few
  several another small large long short high low early late young best better worst bad main whole full real certain
  different various particular single special all both nothing something everything anything someone everyone anyone
  somebody everybody nobody far even one two three four five six seven eight nine ten hundred eleven twelve thirteen
  fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety thousand
clause: and or but nor so because although though while when where whether if that which who whose whom since until
  unless as than then
phrase: of in on at by to for from with without into onto over under about between through during before after against
  among within upon toward towards
relative: that which who whom whose
amounts: one two three none both many few several half part lot lots plenty couple dozen dozens hundreds thousands
  million millions billion kind kinds sort sorts
of: of
locutions: such as; as well as; rather than; because of; instead of; out of; according to; due to; kind of; sort of; at
  least; at most; of course; for example; for instance; in order to; as long as; as soon as; as far as; as if; as
  though; each other; one another; no one; so that; even though; even if; a lot of; a bit of; a number of; in front of;
  more than; less than; up to; at all; in fact; in addition to; next to; other than; in terms of; on top of; in spite
  of; on behalf of; thanks to; along with; apart from; depending on; ahead of; as opposed to; used to; able to; going
  to; have to; has to; had to; about to; there is; there are; there was; there were; you know; i mean; no matter what;
  no matter who; no matter how; no matter where; no matter when; no matter which
numerals: one two three four five six seven eight nine ten hundred eleven twelve thirteen fourteen fifteen sixteen
  seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety thousand
tens: twenty thirty forty fifty sixty seventy eighty ninety
multipliers: hundred thousand million billion
joint: and
counted: euros dollars million percent years hours days
short_forms: mr mrs ms dr prof st sr vs cf p ex art vol no
own_short_forms: jr gen col capt lt sgt maj adm sen rep rev gov hon ft mt approx ca ch fig ep pp nos jan feb apr aug
  sept oct nov dec
titles: mr mrs ms miss sir dr prof
possessive: 's s'
adjective: al ous ful ive ic able ible less ish ary ular esque
stage: laugh laughs laughing laughter chuckle chuckles chuckling giggles sigh sighs sighing applause applauds clapping
  claps cheering cheers music musical theme intro outro jingle sound sounds noise noises silence pause coughs coughing
  cough crosstalk unintelligible inaudible indistinct whispers whispering singing sings beep bleep gasps sniffs ringing
  ambience
stage_companions: audience crowd all both background soft upbeat fades fade in out ends starts stops plays playing
  ending opening closing break nervous nervously long short brief continue off intro introduction transition pause
  public
articles: the a an my your his her our their this that these those
particles: of the and in
sentence_words: i i'm i'll you you're he she it it's we we're they is are was were be been am have has had do does did
  say says said tell tells told think know that's there here what which who when where why how if but because so not
  will would can could should must me let
prepositions: as with for from about to
first_person: i i'm we you my
before_times: at by until till before after around about from since between past to
after_times: am pm a.m a.m. p.m p.m. o'clock
roles: voice voiceover voice-over narrator speaker interviewer interviewee journalist reporter presenter host co-host
  cohost guest moderator participant public audience caller man woman child kid boy girl everyone archive archives clip
  announcer unknown jingle
several_voices: various several voices all film archive archives clip trailer
qualifiers: off voice over voice-over voiceover o.s. offscreen archive archives
before_colon: today tomorrow well so but yes no ok okay now then example examples result results conclusion note
  remember warning problem solution spoiler fact reminder translation meaning tip verdict
chapters: chapter part act episode section segment
metadata: title date duration location transcription transcript transcribed transcriptor licence license illustration
  photo nb n.b. url link source sources podcast show description summary published publication recorded keywords tags
  video audio copyright production credits
participants: guests hosts speakers participants
credits: with by hosted presented
transcript_titles: transcript; full transcript; episode transcript; podcast transcript; transcription
end_matter: notes; sources; footnotes; endnotes; references; bibliography; links; resources; show notes; shownotes;
  further reading; credits
lone: % percent|per cent; ‰ per mille|per thousand; & and; + plus; - minus|negative; − minus|negative; = equals; €
  euros|euro; $ dollars|dollar; £ pounds|pound; ¥ yen; @ at|; # hashtag|number|pound; ° degrees|degree; § section; ~
  about|approximately; < less than; > more than|greater than; © copyright
between: - |to|dash|minus; – |to; / |slash|over|per|or; & and; + plus; = equals; × times|by; * times; x by|times|; .
  |dot|point; : |to; @ at; _ |underscore; # hash; % percent; € euros; $ dollars
address: . dot; / slash|; - dash|hyphen|; _ underscore|; @ at
units: % percent|per cent; ‰ per mille|per thousand; € euros|euro; $ dollars|dollar; £ pounds|pound; ¥ yen; k$ thousand
  dollars; K$ thousand dollars; m$ million dollars; M$ million dollars; mn$ million dollars; b$ billion dollars; B$
  billion dollars; bn$ billion dollars; tn$ trillion dollars; k£ thousand pounds; m£ million pounds; M£ million pounds;
  bn£ billion pounds; k€ thousand euros; m€ million euros; M€ million euros; bn€ billion euros; k kay|thousand; K
  kay|thousand; M million; bn billion; B billion|bee; ° degrees|degree; °C degrees celsius|degrees|degrees centigrade;
  °F degrees fahrenheit|degrees; am ay em; a.m ay em; pm pee em; p.m pee em; AM ay em; PM pee em; km
  kilometers|kilometres|kilometer|kay em; km/h kilometers per hour|kilometers an hour|kilometres per hour; kmh
  kilometers per hour|kilometers an hour; mph miles per hour|miles an hour|em pee aitch; m/s meters per second; m
  meters|metres|million|meter; cm centimeters|centimetres|centimeter; mm millimeters|millimetres|millimeter; nm
  nanometers|nanometres; m2 square meters|square metres|meters squared; m² square meters|square metres|meters squared;
  m3 cubic meters|cubic metres; m³ cubic meters|cubic metres; km2 square kilometers|square kilometres; km² square
  kilometers|square kilometres; ft feet|foot; in. inches|inch; mi miles|mile; yd yards|yard; lb pounds|pound; lbs
  pounds; oz ounces|ounce; ha hectares; kg kilograms|kilos|kilogram|kilo; g grams|gee|gram; mg milligrams; t
  tonnes|tons; l liters|litres|liter; L liters|litres|liter; ml milliliters|millilitres|em el; h hours|hour; hr
  hours|hour; hrs hours; min minutes|minute; mins minutes; s seconds|second|s; sec seconds|second; ms
  milliseconds|millisecond; Hz hertz; kHz kilohertz; MHz megahertz; GHz gigahertz; dB decibels; KB kilobytes; MB
  megabytes|megs; GB gigabytes|gigs|gigabyte; TB terabytes|terabyte; W watts; kW kilowatts; kWh kilowatt hours; MW
  megawatts; GW gigawatts; V volts; kcal calories|kilocalories; x times|ex
abbreviations: mr mister; mrs missis|missus; ms miz|miss; dr doctor|drive; drs doctors; prof. professor; st
  saint|street; ste saint; jr junior; sr senior; rev. reverend; gen. general; col. colonel; capt. captain; lt.
  lieutenant; sgt. sergeant; sen. senator; rep. representative; gov. governor; pres. president; hon. honorable; ft.
  fort|featuring; feat. featuring; mt. mount; ave. avenue; blvd boulevard; rd. road; inc. incorporated|inc; ltd limited;
  co. company; corp. corporation; dept. department; est. established; etc et cetera|etcetera|et cetera et cetera; etc.
  et cetera|etcetera|et cetera et cetera; e.g for example|ee gee|for instance; eg. for example; i.e that is|eye ee; ie.
  that is; vs versus|against; v. versus|vee; cf compare|see ef; approx. approximately; aka also known as; a.k.a also
  known as|ay kay ay; w/ with; w/o without; b/c because; p.s pee ess|postscript; a.d ay dee; b.c bee see; ph.d pee aitch
  dee; № number; wwi world war one; wwii world war two; dept department; govt government; jan. January; feb. February;
  aug. August; sept. September; oct. October; nov. November; dec. December
before_number: no. number; nos. numbers; n° number; nº number; p. page; pp. pages; vol. volume; ch. chapter; fig.
  figure; art. article; sec. section; ep. episode; c. circa; ca. circa
fractions: 1/2 one half|a half|half; 1/3 one third|a third; 2/3 two thirds; 1/4 one quarter|a quarter|one fourth; 3/4
  three quarters|three fourths; ½ one half|and a half|half; ⅓ one third|and a third; ⅔ two thirds; ¼ one quarter|and a
  quarter; ¾ three quarters|and three quarters
hours: 0 midnight; 24 midnight
clock: * {h} {m}; 0 {h} oh {m}|{h} {m}; 00 {h}[ o'clock]|{h}|{h} hundred; 15 {h} fifteen|quarter past {h}|a quarter
  past {h}; 30 {h} thirty|half past {h}; 45 {h} forty-five|quarter to {n}|a quarter to {n}
months: January February March April May June July August September October November December
hesitations: uh um er erm hm hmm mm mmh ah ahem oh eh
negations: not no never none nobody nothing neither nor without cannot t
large_numbers: thousand thousands million millions billion billions
"""

LANGUAGE = record.Language(
    code="en",
    captioning=record.Captioning(endings=record.Endings(adverb="ly")),
    reading=record.Reading(
        cardinals=record.Cardinals(
            code="en",
            decimal="point|dot",
            point_is_decimal=True,
            half="{w} and a half",
            hundreds=("{year}",),
            by_hundreds=range(101, 10_000),
            variants=(
                (r",? and ", " "),
                (r"^one (hundred|thousand|million|billion)", r"a \1"),
                (r"^zero$", "oh"),
                (r"^zero$", "nil"),
            ),
            digit_variants=((r"zero", "oh"),),
        ),
        ordinals=record.Ordinals(
            pattern=r"(?<!\d)(\d{1,15})(?:st|nd|rd|th)\b",
            variants=((r"^", "the "), (r" and ", " ")),
            plural=((r"$", "s"),),
            decades=((r"y$", "ie"), (r"$", "s")),
            roman=("{c}", "the {o}", "{o}"),
            roman_letters=False,
        ),
        calendar=record.Calendar(
            dates=("{month} {o}[ {y}]", "the {o} of {month}[ {y}]", "{month} {d}[ {y}]", "{m} {d}[ {y}]"),
            month_first=True,
            first_is_ordinal=False,
        ),
        spelling=record.Spelling(
            letters=(_AMERICAN, _AMERICAN | record.table("z zed; h haitch")), words_of_one_letter="AIO", elides=False
        ),
    ),
    posting=record.Posting(
        alt="Audio clip, {length}. {speaker}: {quote}",
        seconds=("second", "seconds"),
        source="From {episode}, at {at}",
    ),
).with_lists(_LISTS)
