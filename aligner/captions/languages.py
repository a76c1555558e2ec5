"""What captions need to know of a language: words that hold to the next one, words that open a clause, typography.

Conventions
-----------
- Words are lower case, an elided word without its apostrophe (``l``, ``qu``).
- ``clinging`` words (articles, prepositions, subject pronouns) never end a line by choice; those of them that are
  ``stressed`` may before a new clause (``avec nous | et``). ``leaning`` words (auxiliaries, adjectives that precede)
  rather not. A line may well start with one of ``clause``, less well with one of ``phrase`` (prepositions).
- A ``relative`` word opens no clause right after a preposition (``in which``, ``on that path``). A word of ``amounts``
  rather keeps its ``of`` (``one of those``, ``un million d’euros``).
- A language that is not here breaks at punctuation and pauses only.
"""

from __future__ import annotations

from dataclasses import dataclass


def word_set(text: str) -> frozenset[str]:
    """The words of a table written as text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Language:
    """One language's tables; ``untranscribed`` marks speech that the transcript lacks, ``unreliable`` a poor match."""

    clinging: frozenset[str] = frozenset()
    stressed: frozenset[str] = frozenset()
    leaning: frozenset[str] = frozenset()
    clause: frozenset[str] = frozenset()
    phrase: frozenset[str] = frozenset()
    relative: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    untranscribed: str = "untranscribed passage"
    unreliable: str = "these captions may not match the sound"
    name_mark: str = ":"
    dash: str = "-"
    # German writes every noun with a capital: two capitals in a row are no name.
    capitals_are_names: bool = True


_FRENCH = Language(
    clinging=word_set(
        "le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos "
        "leur leurs quel quelle quels quelles chaque plusieurs quelques tout toute tous toutes aucun aucune à en dans "
        "par pour sur sous avec sans chez vers entre contre depuis pendant avant après dès selon malgré parmi jusque "
        "jusqu via lors près hors je j tu il elle on nous vous ils elles me m te t se s y ne n qui que qu dont où et "
        "ou ni mais car donc or si comme quand lorsque lorsqu puisque puisqu quoique quoiqu parce quoi c ça très trop "
        "plus moins aussi si tellement assez bien mme mlle dr pr me st ste saint sainte n°"
    ),
    stressed=word_set("nous vous elle elles tout tous toutes ça plus moins aussi trop bien assez quoi"),
    leaning=word_set(
        "ai as a avons avez ont avais avait avions aviez avaient aurai auras aura aurons aurez auront aurais aurait "
        "aurions auriez auraient aie ait aient ayant avoir suis es est sommes êtes sont étais était étions étiez "
        "étaient serai seras sera serons serez seront serais serait serions seriez seraient sois soit soient être "
        "étant fut furent vais vas va allons allez vont allais allait allaient peux peut pouvons pouvez peuvent "
        "pouvait pouvaient pourrait pourraient dois doit devons devez doivent devait devaient devrait devraient veux "
        "veut voulons voulez veulent faut fait font faire viens vient venons viennent petit petite petits petites "
        "grand grande grands grandes gros grosse bon bonne bons bonnes beau belle beaux belles nouveau nouvelle "
        "nouveaux nouvelles autre autres même mêmes premier première premiers premières dernier dernière seul seule "
        "vrai vraie véritable presque vraiment lui peu"
    ),
    clause=word_set(
        "et ou ni mais car donc or que qu qui dont où quand lorsque lorsqu puisque puisqu quoique quoiqu comme si "
        "parce alors tandis afin ainsi pourquoi comment lequel laquelle lesquels lesquelles auquel duquel puis sinon"
    ),
    phrase=word_set(
        "à au aux de d du des en dans par pour sur sous avec sans chez vers entre contre depuis pendant avant après "
        "dès selon malgré parmi jusque jusqu grâce"
    ),
    amounts=word_set(
        "uns unes chacun chacune plupart beaucoup million millions milliard milliards millier milliers centaine "
        "centaines dizaine dizaines douzaine vingtaine trentaine quarantaine cinquantaine moitié tiers quart sorte "
        "sortes espèce genre"
    ),
    of=word_set("de d du des"),
    untranscribed="passage non transcrit",
    unreliable="ces sous-titres ne correspondent peut-être pas au son",
    name_mark="\u00a0:",
    dash="–",
)

_ENGLISH = Language(
    clinging=word_set(
        "a an the this that these those my your his her its our their some any no every each which what whose of in "
        "on at by to for from with without into onto over under about between through during before after against "
        "among within upon per than as like near off up out toward towards since until till i you he she it we they "
        "who and or but nor so if because although though while when where whether not very too more most less quite "
        "rather such only mr mrs ms dr prof st"
    ),
    stressed=word_set("it you her this that these those all some any more less in on up out off over by so not"),
    leaning=word_set(
        "am is are was were be been being have has had having do does did will would shall should can could may might "
        "must i'm you're he's she's it's we're they're i've you've we've they've i'll you'll he'll she'll it'll we'll "
        "they'll i'd you'd he'd she'd we'd they'd don't doesn't didn't won't wouldn't can't couldn't isn't aren't "
        "wasn't weren't haven't hasn't hadn't shouldn't let's gonna new old good great big little same other own "
        "first last next many much few several another"
    ),
    clause=word_set(
        "and or but nor so because although though while when where whether if that which who whose whom since until "
        "unless as than then"
    ),
    phrase=word_set(
        "of in on at by to for from with without into onto over under about between through during before after "
        "against among within upon toward towards"
    ),
    relative=word_set("that which who whom whose"),
    amounts=word_set(
        "one two three none both many few several half part lot lots plenty couple dozen dozens hundreds thousands "
        "million millions billion kind kinds sort sorts"
    ),
    of=word_set("of"),
    untranscribed="untranscribed passage",
)

_SPANISH = Language(
    clinging=word_set(
        "el la los las lo un una unos unas al del este esta estos estas ese esa esos esas aquel aquella mi mis tu tus "
        "su sus nuestro nuestra nuestros nuestras cada algún alguna ningún ninguna todo toda todos todas qué cuál a "
        "ante bajo con contra de desde durante en entre hacia hasta para por según sin sobre tras yo tú él ella "
        "nosotros ellos ellas me te se nos os le les no y e o u ni pero sino que quien cuando donde como si porque "
        "aunque mientras pues muy más menos tan sr sra dr dra don doña san santa"
    ),
    stressed=word_set("él ella nosotros ellos ellas todo toda todos todas más menos no"),
    leaning=word_set(
        "he has ha hemos habéis han había habías habían habrá haber soy eres es somos sois son era eran fue fueron "
        "ser será estoy estás está estamos están estaba estaban estar voy vas va vamos van puedo puede podemos pueden "
        "debe deben tengo tiene tenemos tienen hay gran grande nuevo nueva mismo misma primer primera último última "
        "otro otra otros otras buen buena"
    ),
    clause=word_set(
        "y e o u ni pero sino que quien quienes cuando donde como si porque aunque mientras pues cual cuales"
    ),
    phrase=word_set(
        "a al ante bajo con contra de del desde durante en entre hacia hasta para por según sin sobre tras"
    ),
    amounts=word_set(
        "uno algunos algunas muchos muchas pocos pocas ninguno ninguna mayoría mitad parte millón millones miles "
        "cientos docena decena centenar tipo especie"
    ),
    of=word_set("de del"),
    untranscribed="pasaje no transcrito",
    unreliable="es posible que estos subtítulos no correspondan al audio",
)

_ITALIAN = Language(
    clinging=word_set(
        "il lo la i gli le l un uno una del dello della dei degli delle dell al allo alla ai agli alle all dal dallo "
        "dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull questo "
        "questa questi queste quest quel quello quella quei quegli quelle mio mia tuo tua suo sua nostro nostra loro "
        "ogni qualche di d a ad da in con su per tra fra senza verso contro dopo prima durante io tu lui lei noi voi "
        "mi ti si ci vi ne m t s c v non e ed o ma che chi cui quando dove come se perché anche più meno molto così "
        "sig dott san santa"
    ),
    stressed=word_set("lui lei noi voi loro più meno molto così anche"),
    leaning=word_set(
        "ho hai ha abbiamo avete hanno aveva avevano avrà avere sono sei è siamo siete era erano sarà essere sia sto "
        "sta stiamo stanno stava posso può possiamo possono devo deve dobbiamo devono voglio vuole vogliono vado va "
        "andiamo vanno c'è grande gran nuovo nuova stesso stessa primo prima ultimo ultima altro altra altri altre "
        "buon buona tutto tutta tutti"
    ),
    clause=word_set("e ed o ma che chi cui quando dove come se perché mentre quindi dunque però poi oppure affinché"),
    phrase=word_set(
        "di d a ad da in con su per tra fra del dello della dei degli delle dell al allo alla ai agli alle all dal "
        "dalla dai dalle dall nel nello nella nei nelle nell sul sulla sui sulle sull senza verso contro dopo durante"
    ),
    amounts=word_set(
        "alcuni alcune molti molte nessuno maggioranza metà parte milione milioni miliardo miliardi migliaia centinaio "
        "decina dozzina ventina tipo sorta specie"
    ),
    of=word_set("di d del dello della dei degli delle dell"),
    untranscribed="passaggio non trascritto",
    unreliable="questi sottotitoli potrebbero non corrispondere all'audio",
)

_PORTUGUESE = Language(
    clinging=word_set(
        "o a os as um uma uns umas do da dos das no na nos nas ao à aos às pelo pela pelos pelas num numa dum duma "
        "este esta estes estas esse essa esses essas aquele aquela meu minha teu tua seu sua nosso nossa cada algum "
        "alguma nenhum nenhuma todo toda todos todas qual que de em por para com sem sob sobre entre até desde contra "
        "durante após eu tu ele ela nós eles elas você vocês me te se lhe não e ou nem mas porque se quando onde como "
        "enquanto muito mais menos tão sr sra dr dra são santa"
    ),
    stressed=word_set("ele ela nós eles elas você vocês muito mais menos não todo toda todos todas"),
    leaning=word_set(
        "hei há havia tenho tem temos têm tinha tinham terá ter sou é somos são era eram foi foram ser será estou "
        "está estamos estão estava estavam estar vou vai vamos vão ia posso pode podemos podem deve devem quer grande "
        "novo nova mesmo mesma primeiro primeira último última outro outra outros outras bom boa"
    ),
    clause=word_set("e ou nem mas que quem quando onde como se porque embora enquanto pois cujo cuja porém então"),
    phrase=word_set(
        "de do da dos das em no na nos nas por pelo pela para com sem sob sobre entre até desde contra durante após a "
        "ao à aos às num numa"
    ),
    amounts=word_set(
        "alguns algumas muitos muitas poucos nenhum maioria metade parte milhão milhões milhares centenas dezena dúzia "
        "tipo espécie"
    ),
    of=word_set("de do da dos das"),
    untranscribed="trecho não transcrito",
    unreliable="estas legendas podem não corresponder ao áudio",
)

_GERMAN = Language(
    clinging=word_set(
        "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen "
        "dein deine sein seine ihr ihre unser unsere euer eure dieser diese dieses diesen diesem jeder jede jedes "
        "welcher welche welches in im ins an am ans auf aus bei beim mit nach von vom vor zu zum zur über unter durch "
        "für gegen ohne um bis seit während wegen zwischen hinter neben ich du er sie es wir man sich und oder aber "
        "denn sondern dass ob wenn weil als wie nicht sehr so zu mehr herr frau dr prof st"
    ),
    stressed=word_set("sie es das die wir nicht so mehr an auf aus mit nach vor zu"),
    leaning=word_set(
        "bin bist ist sind seid war waren wird werden wurde wurden worden habe hast hat haben hatte hatten kann "
        "können konnte muss müssen soll sollen will wollen darf dürfen mag möchte würde wäre ganz große großen neue "
        "neuen andere anderen erste ersten letzte letzten"
    ),
    clause=word_set(
        "und oder aber denn sondern dass ob wenn weil als obwohl damit während bevor nachdem wo wie warum deren dessen"
    ),
    phrase=word_set(
        "in im ins an am auf aus bei beim mit nach von vom vor zu zum zur über unter durch für gegen ohne um bis seit "
        "wegen zwischen hinter neben"
    ),
    relative=word_set("deren dessen"),
    amounts=word_set("viele einige hälfte teil art million millionen"),
    of=word_set("der des von vom"),
    untranscribed="nicht transkribierte Stelle",
    unreliable="diese Untertitel passen möglicherweise nicht zum Ton",
    capitals_are_names=False,
)

_LANGUAGES = {
    "fr": _FRENCH,
    "en": _ENGLISH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "pt": _PORTUGUESE,
    "de": _GERMAN,
    "nl": Language(untranscribed="niet-getranscribeerd fragment"),
    "ca": Language(untranscribed="passatge no transcrit"),
    "pl": Language(untranscribed="fragment bez transkrypcji"),
    "sv": Language(untranscribed="ej transkriberat avsnitt"),
    "ro": Language(untranscribed="pasaj netranscris"),
}


def language_of(code: str) -> Language:
    """The tables for a language code (``fr``, ``pt-BR``), plain ones where there are none."""
    return _LANGUAGES.get(code.replace("_", "-").split("-")[0].lower(), Language())
