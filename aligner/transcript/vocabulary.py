"""Words that help to tell what a line of a transcript is, in the languages podcasts are most transcribed in.

All are casefolded. They are evidence beside a line's shape and place, never proof alone, so the lists are short.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Sounds and gestures that transcribers note in brackets.
STAGE = _words("""
    rire rires rit rient rigole rigolent sourire sourires soupir soupirs soupire applaudissement
    applaudissements musique musical musicale musicaux jingle générique virgule sonore silence brouhaha bruit
    bruits sonnerie toux tousse raclement inaudible incompréhensible indistinct chuchote chuchotant chante
    chantonne hésitation hésite éclats extrait bande-annonce laugh laughs laughing laughter chuckle chuckles
    chuckling giggles sigh sighs sighing applause applauds clapping claps cheering cheers music musical theme
    intro outro jingle sound sounds noise noises silence pause coughs coughing cough crosstalk unintelligible
    inaudible indistinct whispers whispering singing sings beep bleep gasps sniffs ringing ambience risa risas
    ríe ríen aplauso aplausos música sintonía ruido ruidos suspiro suspira suspiros carcajada carcajadas
    silencio cortinilla tose ininteligible inaudible lachen lacht lachend gelächter applaus musik titelmusik
    geräusch geräusche seufzt seufzen räuspern räuspert hustet unverständlich stille einspieler klatschen risate
    ride ridono applausi musica sospira sigla rumore rumori silenzio incomprensibile risos rindo aplausos
    vinheta ruído lacht gelach applaus muziek
""")
# What may stand beside them: who laughs, where, how.
STAGE_COMPANIONS = _words("""
    public salle fond fin début off général générale intro introduction transition pause ensemble tous léger
    légers douce doux ambiance audience crowd all both background soft upbeat fades fade in out ends starts
    stops plays playing ending opening closing break publikum im hintergrund público fondo sala pubblico
    sottofondo plateia kurz leise laut laute nervous nervously long short brief court courte longue rythmée
    lointain lointaine continue
""")
ARTICLES = _words("""
    le la les l' un une des the a an el los las un una unos unas lo der die das ein eine einen einem il i gli
    uno o os as um uma de het een mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette
    ces my your his her our their this that these those mein meine dein deine unser unsere sein seine ihr ihre
    dieser diese dieses mi mis tu tus su sus nuestro nuestra este esta estos estas mio mia tua questo questa meu
    minha nosso nossa
""")
# Small words inside names and labels.
PARTICLES = _words("""
    de du des d' la le les van von der den ten ter zu zum zur of the and et y e und en & bin ben ibn al el da do
    dos das di del della dello della y i av af à a in im
""")
# Words of sentences, hence never of names: pronouns, verbs, conjunctions.
CLAUSE = _words("""
    je j' tu il elle on nous vous ils elles moi toi c' c'est est sont était étaient ai avons avez ont a-t-il
    suis sommes êtes sera serait dit dis disait disent disons dire faut voilà voici que qu' qui quoi dont où
    pourquoi comment quand si mais donc parce car alors ne n' pas cela ça i i'm i'll you you're he she it it's
    we we're they is are was were be been am have has had do does did say says said tell tells told think know
    that's there here what which who when where why how if but because so not will would can could should must
    let ich du er es wir ihr sie ist sind war waren bin habe hat haben hatte sage sagt sagen sagte dass weil
    wenn aber nicht auch wer wie wo warum noch nur yo tú él ella nosotros ellos son era eran soy somos estoy
    está están ha han hay digo dice dicen dijo decir quien cuando porque pero no también muy se me te io lui lei
    noi sono siamo dico che perché ma non sei eu ele ela nós são não mas
""")
# Words of sentences that may also stand in what a person is: "responsable pour la France".
PREPOSITIONS = _words("""
    as plus très aussi avec sans pour sur dans par with for from about to mit für von auf bei nach über also con
    por para sin sobre per com
""")
FIRST_PERSON = _words("je j' tu nous vous moi toi i i'm you we my ich du wir uns yo tú nosotros io eu")
# After these, a raised figure is a power.
UNITS = _words("m km cm mm dm co x y e")
# What a voice is called when it has no name.
ROLES = _words("""
    passant passante dame monsieur madame élève étudiant étudiante maire ministre président présidente
    voix off voice voiceover voice-over narrator narrateur narratrice narration locuteur locutrice speaker
    intervenant intervenante intervenants interviewer interviewee intervieweur intervieweuse journaliste
    journalist reporter présentateur présentatrice animateur animatrice presenter host co-host cohost guest
    moderator modérateur modératrice chroniqueur chroniqueuse auditeur auditrice spectateur spectatrice
    participant participante public audience caller homme femme man woman enfant enfants child kid boy girl
    garçon fille invité invitée tous toutes ensemble chœur choeur everyone archive
    archives extrait extraits clip announcer unknown inconnu inconnue jingle sprecher sprecherin moderatorin
    erzähler erzählerin stimme stimmen interviewerin gast mann frau kind alle publikum hörer
    hörerin reporterin locutor locutora narrador narradora voz voces presentador presentadora entrevistador
    entrevistadora entrevistado entrevistada invitado invitada hombre mujer niño niña todos
    periodista moderador moderadora oyente voce voci narratore narratrice conduttore conduttrice intervistatore
    ospite uomo donna apresentador apresentadora convidado convidada homem mulher spreker stem
""")
# Voices of more than one person, which dialogue lines that follow belong to.
SEVERAL_VOICES = _words("""
    diverses divers plusieurs voix off extrait extraits film archive archives bande-annonce various several
    voices clip trailer verschiedene stimmen ausschnitt varias varios voces tous all
""")
# How a speaker is heard, written after the name.
QUALIFIERS = _words(
    "off voix voice over voice-over voiceover vo v.o. o.s. offscreen archive archives stimme voz voce en"
)
# Words that open a sentence before a colon, and lines of credits and metadata.
OPENERS = _words("""
    aujourd'hui aujourd’hui demain hier today tomorrow heute morgen hoy mañana oggi
    donc mais alors et or car oui non voilà bon enfin ensuite puis well so but yes no ok okay now then ja nein aber
    und also bueno pues sí pero entonces allora quindi
    exemple exemples résultat résultats conclusion note attention remarque précision rappel bref problème
    moralité réponses preuve autrement traduction verdict bilan objectif solution idée constat premièrement
    deuxièmement example examples result results remember warning problem solution spoiler fact reminder
    translation meaning tip verdict beispiel ergebnis fazit achtung hinweis problem lösung ejemplo resultado
    conclusión nota atención problema solución esempio risultato conclusione attenzione exemplo
""")
CHAPTERS = _words("""
    épisode chapitre partie acte section séquence chapter part act episode segment kapitel teil folge abschnitt capítulo
    episodio parte bloque capitolo
""")
METADATA = _words("""
    titre title titel título titolo date fecha datum data durée duration dauer duración durata lieu location ort
    lugar intervenants intervenantes intervenant·es intervenant·e·s invités invitées invité·es guests hosts
    speakers participants participantes sprecher:innen gäste invitados ospiti transcription transcript
    transcribed transcriptor transkript transcripción trascrizione licence license lizenz licencia illustration
    photo nb n.b. url lien link enlace source sources quelle fuente podcast émission show sendung programa
    description descriptif beschreibung descripción résumé summary published publié publication veröffentlicht
    publicado recorded enregistré keywords mots-clés tags relecture vidéo video audio copyright production
    réalisation montage credits crédits
""")
# What a line of credits opens with beside a role: "Avec : ...".
CREDITS = _words("avec animé animée présenté présentée with by hosted presented mit con presentado conduce")
# Headings that the talk starts after.
TRANSCRIPT_TITLES = frozenset(
    line.strip()
    for line in """
        transcript
        full transcript
        episode transcript
        podcast transcript
        transcription
        transcription complète
        transcription intégrale
        transcription de l'épisode
        transcription de l’épisode
        transkript
        transkription
        vollständiges transkript
        transcripción
        transcripción completa
        trascrizione
        transcrição
    """.strip().splitlines()
)
# Headings after which nothing is spoken any more.
END_MATTER = frozenset(
    line.strip()
    for line in """
        notes
        note
        notes et références
        notes de bas de page
        références
        référence
        bibliographie
        sources
        liens
        liens utiles
        liens et références
        ressources
        pour aller plus loin
        crédits
        footnotes
        endnotes
        references
        bibliography
        links
        resources
        show notes
        shownotes
        further reading
        credits
        anmerkungen
        fußnoten
        quellen
        literatur
        literaturverzeichnis
        links und quellen
        weiterführende links
        notas
        notas al pie
        referencias
        bibliografía
        enlaces
        fuentes
        créditos
        note e riferimenti
        riferimenti
        bibliografia
        fonti
        collegamenti
        referências
        ligações
    """.strip().splitlines()
)
