"""Define how French is read aloud in France, Belgium and Switzerland."""

from aligner.languages import record

_OWN = record.letter_names(
    "a bé cé dé e effe gé ache i ji ka elle emme enne o pé ku erre esse té u vé double_vé ixe i_grec zède"
)
# English letter names, spelled as French would spell them; ï loses its accent, hence "ail" as in "travail".
_ENGLISH = record.letter_names(
    "é bi si di i effe dji etche ail djé ké elle emme enne o pi kiou ar esse ti you vi deubeuliou exe ouail zi"
)

_LISTS = """
clinging: le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos
  leur leurs quel quelle quels quelles chaque plusieurs quelques tout toute tous toutes aucun aucune à en dans par pour
  sur sous avec sans chez vers entre contre depuis pendant avant après dès selon malgré parmi jusque jusqu via lors près
  hors je j tu il elle on nous vous ils elles me m te t se s y ne n qui que qu dont où et ou ni mais car donc or si
  comme quand lorsque lorsqu puisque puisqu quoique quoiqu parce quoi c ça très trop plus moins aussi tellement assez
  bien lequel laquelle lesquels lesquelles auquel duquel quelque mme mlle dr pr st ste saint sainte n° voire celui celle
  ceux celles
stressed: nous vous elle elles tout tous toutes ça plus moins aussi trop bien assez quoi celui celle ceux celles
leaning: ai as a avons avez ont avais avait avions aviez avaient aurai auras aura aurons aurez auront aurais aurait
  aurions auriez auraient aie ait aient ayant avoir suis es est sommes êtes sont étais était étions étiez étaient serai
  seras sera serons serez seront serais serait serions seriez seraient sois soit soient être étant fut furent vais vas
  va allons allez vont allais allait allaient peux peut pouvons pouvez peuvent pouvait pouvaient pourrait pourraient
  dois doit devons devez doivent devait devaient devrait devraient veux veut voulons voulez veulent faut fait font faire
  viens vient venons viennent petit petite petits petites grand grande grands grandes gros grosse bon bonne bons bonnes
  beau belle beaux belles nouveau nouvelle nouveaux nouvelles autre autres même mêmes premier première premiers
  premières dernier dernière seul seule vrai vraie véritable presque vraiment lui peu mauvais mauvaise mauvaises ancien
  ancienne anciens anciennes haut haute hauts hautes long longue longs longues jeune jeunes vieux vieille vieilles joli
  jolie cher chère propre propres divers diverses différents différentes certain certaine certains certaines nombreux
  nombreuses tel telle tels telles fameux fameuse pauvre pauvres vaste vastes double demi meilleur meilleure meilleurs
  meilleures pire prochain prochaine énorme énormes beaucoup pas jamais rien deux trois quatre cinq six sept huit neuf
  dix vingt trente cent cents onze douze treize quatorze quinze seize quarante cinquante soixante mille
clause: et ou ni mais car donc or que qu qui dont où quand lorsque lorsqu puisque puisqu quoique quoiqu comme si parce
  alors tandis afin ainsi pourquoi comment lequel laquelle lesquels lesquelles auquel duquel puis sinon voire
phrase: à au aux de d du des en dans par pour sur sous avec sans chez vers entre contre depuis pendant avant après dès
  selon malgré parmi jusque jusqu grâce
amounts: uns unes chacun chacune plupart beaucoup million millions milliard milliards millier milliers centaine
  centaines dizaine dizaines douzaine vingtaine trentaine quarantaine cinquantaine moitié tiers quart sorte sortes
  espèce genre
of: de d du des
locutions: alors que; bien que; ainsi que; afin que; afin de; avant de; avant que; après que; grâce à; face à; quant à;
  à cause de; à cause des; à cause du; au lieu de; au lieu des; plutôt que; en train de; à partir de; à partir du; à
  partir des; à travers; au travers de; tout à fait; tout de suite; tout de même; quand même; c'est-à-dire que; est-ce
  que; qu'est-ce que; qu'est-ce qui; est-ce qu; par exemple; par ailleurs; par contre; par rapport à; bien sûr; bien
  entendu; au moins; au plus; du moins; du coup; en effet; en fait; en tout cas; en revanche; en particulier; en
  général; tout le monde; petit à petit; peu à peu; au fur et à mesure; un peu; un petit peu; à peu près; de plus en
  plus; de moins en moins; plus ou moins; de temps en temps; il y a; y compris; vis-à-vis de; à côté de; au bout de;
  autour de; hors de; loin de; près de; lors de; le long de; au sein de; au-delà de; à la fois; une fois que; dès que;
  pour que; sans que; jusqu'à ce que; n'importe quoi; n'importe qui; n'importe quel; n'importe quelle; sans doute; tout
  à l'heure; tout au long; même si; tant que; autant que; tel que; telle que; tels que; telles que; ce que; ce qui; ceux
  qui; celles qui; celui qui; celle qui; ceux que; celui que; celle que; tout ce que; tout ce qui
numerals: deux trois quatre cinq six sept huit neuf dix vingt trente cent cents onze douze treize quatorze quinze seize
  quarante cinquante soixante mille
tens: dix vingt vingts trente quarante cinquante soixante
multipliers: cent cents mille million millions milliard milliards
joint: et
counted: euros euro dollars dollar millions million milliards milliard ans heures minutes secondes mois jours pour
short_forms: m mm mme mlle dr pr prof st vs cf p ex art vol no
own_short_forms: apr av c.-à-d ca chap ch env éd ép fig janv févr juill oct nov déc mgr mmes mlles réf sts ste tél
titles: m mme mlle dr pr me prof
adjective: al ale aux el elle eux euse ique if ive able ible aire ien ienne ois oise ain aine ant ante iste ier ière
  eur euse
stage: rire rires rit rient rigole rigolent sourire sourires soupir soupirs soupire applaudissement applaudissements
  musique musical musicale musicaux jingle générique virgule sonore silence brouhaha bruit bruits sonnerie toux tousse
  raclement inaudible incompréhensible indistinct chuchote chuchotant chante chantonne hésitation hésite éclats extrait
  bande-annonce pause intro
stage_companions: public salle fond fin début off général générale intro introduction transition pause ensemble tous
  léger légers douce doux ambiance court courte longue rythmée lointain lointaine continue
articles: le la les l' un une des mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces
particles: de du des d' la le les et en à
sentence_words: je j' tu il elle on nous vous ils elles moi toi me te se c' c'est est sont était étaient ai avons avez
  ont a-t-il suis sommes êtes sera serait dit dis disait disent disons dire faut voilà voici que qu' qui quoi dont où
  pourquoi comment quand si mais donc parce car alors ne n' pas cela ça
prepositions: plus très aussi avec sans pour sur dans par
first_person: je j' tu nous vous moi toi
before_times: à vers dès avant après jusqu'à depuis de entre pour
after_times: h heure heures
roles: passant passante dame monsieur madame élève étudiant étudiante maire ministre président présidente voix off
  narrateur narratrice narration locuteur locutrice intervenant intervenante intervenants intervieweur intervieweuse
  journaliste présentateur présentatrice animateur animatrice modérateur modératrice chroniqueur chroniqueuse auditeur
  auditrice spectateur spectatrice participant participante public homme femme enfant enfants garçon fille invité
  invitée tous toutes ensemble chœur choeur archive archives extrait extraits inconnu inconnue jingle
several_voices: diverses divers plusieurs voix off extrait extraits film archive archives bande-annonce tous
qualifiers: off voix vo v.o. archive archives
before_colon: aujourd'hui aujourd’hui demain hier donc mais alors et or car oui non voilà bon enfin ensuite puis
  exemple exemples résultat résultats conclusion note attention remarque précision rappel bref problème moralité
  réponses preuve autrement traduction verdict bilan objectif solution idée constat premièrement deuxièmement
chapters: épisode chapitre partie acte section séquence segment
metadata: titre date durée lieu transcription licence illustration photo nb n.b. url lien source sources podcast
  émission description descriptif résumé publié publication enregistré mots-clés tags relecture vidéo audio copyright
  production réalisation montage crédits
participants: intervenants intervenantes intervenant·es intervenant·e·s invités invitées invité·es participants
  participantes
credits: avec animé animée présenté présentée
transcript_titles: transcription; transcription complète; transcription intégrale; transcription de l'épisode;
  transcription de l’épisode
end_matter: notes; note; notes et références; notes de bas de page; références; référence; bibliographie; sources;
  liens; liens utiles; liens et références; ressources; pour aller plus loin; crédits
lone: % pour cent; ‰ pour mille; & et; + plus; - moins; − moins; = égale|égal; € euros|euro; $ dollars|dollar; £
  livres|livres sterling; ¥ yens; @ |at|arobase; # hashtag|dièse|; ° degrés|degré; § paragraphe; ~ environ; < inférieur
  à|moins de; > supérieur à|plus de; © copyright
between: - |à|tiret|moins; – |à; / |sur|slash|par|ou; & et|and|; + plus; = égale|égal; × fois|par; * fois; x |fois|par;
  . |point; : |à; @ arobase|at; _ |underscore|tiret bas; # dièse; % pour cent; € euros; $ dollars
address: . point; / slash|; - tiret|; _ underscore|tiret bas; @ arobase|at; www trois double vé|double vé double vé
  double vé
units: % pour cent; ‰ pour mille; € euros|euro; $ dollars|dollar; £ livres|livres sterling; ¥ yens; k€ mille euros|kilo
  euros|ka euros; M€ millions d'euros; Md€ milliards d'euros; Mds€ milliards d'euros; M$ millions de dollars; Md
  milliards; Mds milliards; Mrd milliards; M millions|mégas; k ka|mille; K ka|mille; ° degrés|degré; °C degrés|degrés
  celsius|degré; °F degrés fahrenheit|degrés; km kilomètres|kilomètre; km/h kilomètres heure|kilomètres à
  l'heure|kilomètres par heure; m/s mètres par seconde|mètres seconde; m mètres|mètre; dm décimètres; cm
  centimètres|centimètre; mm millimètres|millimètre; µm micromètres|microns; nm nanomètres; m2 mètres carrés; m² mètres
  carrés; m3 mètres cubes; m³ mètres cubes; km2 kilomètres carrés; km² kilomètres carrés; cm2 centimètres carrés; cm²
  centimètres carrés; ha hectares|hectare; kg kilos|kilogrammes|kilo; g grammes|gramme; mg milligrammes; t tonnes|tonne;
  l litres|litre; L litres|litre; cl centilitres; ml millilitres; h heures|heure; min minutes|minute; mn minutes|minute;
  s secondes|seconde; sec secondes|seconde; ms millisecondes|milliseconde; j jours|jour; Hz hertz; kHz kilohertz; MHz
  mégahertz; GHz gigahertz; dB décibels; o octets; Ko kilo-octets; Mo méga-octets|mégas; Go gigaoctets|gigas|giga; To
  téraoctets|téras; KB kilobytes|ka bé; MB mégabytes|mégas; GB gigabytes|gigas; TB térabytes|téras; W watts; kW
  kilowatts; kWh kilowattheures; MW mégawatts; GW gigawatts; TWh térawattheures; V volts; kcal kilocalories; hab.
  habitants; x fois
abbreviations: b2b bi tou bi|bé deux bé; b2c bi tou si|bé deux cé; m. monsieur; mm. messieurs; mr monsieur|mister; mme
  madame; mmes mesdames; mlle mademoiselle; mlles mesdemoiselles; mgr monseigneur; dr docteur; dre docteure|docteur; drs
  docteurs; pr professeur; pre professeure|professeur; prof. professeur|prof; st saint; ste sainte; sts saints; cie
  compagnie; sté société; etc et cétéra|etcétéra|et cetera et cetera; etc. et cétéra|etcétéra|et cetera et cetera; cf
  confère|cé effe|voir; p. page|par; pp. pages; ex. exemple; p.ex par exemple; av. avant|avenue; apr. après; j.-c
  jésus-christ|jésus cri; jc jésus-christ|jésus cri; av.j.-c avant jésus-christ; c.-à-d c'est-à-dire; càd c'est-à-dire;
  i.e c'est-à-dire|i e; e.g par exemple; vs versus|contre; env. environ; bd boulevard|bé dé|bande dessinée; bld
  boulevard; ndlr note de la rédaction; ndt note du traducteur; svp s'il vous plaît; stp s'il te plaît; rdv rendez-vous;
  tél. téléphone; max. maximum; hab. habitants; n° numéro; nº numéro; n°s numéros; № numéro; qqn quelqu'un; qqch quelque
  chose; jr junior; jr. junior
before_number: no numéro; n. numéro; art. article; chap. chapitre; ch. chapitre; vol. volume; t. tome; fig. figure; éd.
  édition; ép. épisode; s saison; e épisode
fractions: 1/2 un demi|une demie|la moitié; 1/3 un tiers; 2/3 deux tiers; 1/4 un quart; 3/4 trois quarts; ½ un demi|et
  demi|demi; ⅓ un tiers; ⅔ deux tiers; ¼ un quart|et quart; ¾ trois quarts
hours: 0 minuit; 12 midi; 24 minuit
clock: * {h}[ heures] {m}; 00 {h}[ heures]|{h}[ heure]; 15 {h}[ heures] quinze|{h}[ heures] et quart; 30 {h}[ heures]
  trente|{h}[ heures] et demie; 45 {h}[ heures] quarante-cinq|{n} heures moins le quart
months: janvier février mars avril mai juin juillet août septembre octobre novembre décembre
hesitations: euh heu hum hm hmm mm mmh ben bah bon hein ah oh eh alors um uh
negations: pas jamais rien aucun aucune non ni sans personne nullement guère
large_numbers: mille million millions milliard milliards
"""

LANGUAGE = record.Language(
    code="fr",
    captioning=record.Captioning(
        endings=record.Endings(adverb="ment", adjectives_follow=True),
        untranscribed="passage non transcrit",
        ad="publicité",
        unreliable="ces sous-titres ne correspondent peut-être pas à l’audio",
        name_mark="\u00a0:",
        dash="–",
        narrow_before=";!?",
    ),
    reading=record.Reading(
        cardinals=record.Cardinals(
            code="fr",
            decimal="virgule|point",
            half="{w} et demi",
            hundreds=("{c} cent {r}",),
            by_hundreds=range(1100, 2000),
            dialect="fr_CH",
            dialect_fixes=((r"cents (?=\w)", "cent "), (r"^un (million|milliard)s", r"un \1")),
            variants=((r"un$", "une"),),
            feminine=((r"un$", "une"),),
        ),
        ordinals=record.Ordinals(
            pattern=r"(?<!\d)(\d{1,15})(?:ers?|ère|re|nde?|ème|e)s?\b",
            ambiguous=r"(\d{1,15})(?:è|iè?me|nd|ᵉ|ᵉʳ)s?",
            variants=(
                (r"premier$", "première"),
                (r"deuxième$", "second"),
                (r"deuxième$", "seconde"),
                (r"(vingt|cent)sième$", r"\1ième"),  # num2words: quatre-vingtsième
            ),
            plural=((r"$", "s"),),
            roman=("{c}", "{o}"),
        ),
        calendar=record.Calendar(dates=("{d} {month}[ {y}]", "{d} {m}[ {y}]")),
        spelling=record.Spelling(
            letters=(_OWN, _ENGLISH), words_of_one_letter="AYÔÀOE", same_phone={"ê": "è", "ë": "è"}
        ),
    ),
    posting=record.Posting(
        marks=("«\u00a0", "\u00a0»"),
        inner_marks=("“", "”"),
        alt="Extrait audio, {length}. {speaker}\u00a0: {quote}",
        seconds=("seconde", "secondes"),
        source="De {episode}, à {at}",
    ),
).with_lists(_LISTS)
