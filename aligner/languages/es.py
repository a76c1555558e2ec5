"""Define how Spanish is read aloud in Spain and in the Americas."""

from aligner.languages import record

_OWN = record.letter_names(
    "a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve uve_doble equis i_griega zeta"
)
# English letter names, spelled as Spanish would spell them.
_ENGLISH = record.letter_names("ei bi si di i ef yi eich ai yei kei el em en ou pi kiu ar es ti iu vi dabliu ex uai si")

_LISTS = """
clinging: el la los las lo un una unos unas al del este esta estos estas ese esa esos esas aquel aquella mi mis tu tus
  su sus nuestro nuestra nuestros nuestras cada algún alguna ningún ninguna todo toda todos todas qué cuál a ante bajo
  con contra de desde durante en entre hacia hasta para por según sin sobre tras yo tú él ella nosotros ellos ellas me
  te se nos os le les no y e o u ni pero sino que quien cuando donde como si porque aunque mientras pues muy más menos
  tan sr sra dr dra don doña san santa
stressed: él ella nosotros ellos ellas todo toda todos todas más menos no
leaning: he has ha hemos habéis han había habías habían habrá haber soy eres es somos sois son era eran fue fueron ser
  será estoy estás está estamos están estaba estaban estar voy vas va vamos van puedo puede podemos pueden debe deben
  tengo tiene tenemos tienen hay gran grande nuevo nueva mismo misma primer primera último última otro otra otros otras
  buen buena mal malo mala nuevos nuevas mismos mismas grandes mejor mejores peor peores varios varias muchos muchas
  pocos pocas ambos ambas alguien nadie nada algo ningún ninguna sola solo dos tres cuatro cinco seis siete ocho nueve
  diez cien once doce trece catorce quince veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa mil ciento
  cientos
clause: y e o u ni pero sino que quien quienes cuando donde como si porque aunque mientras pues cual cuales
phrase: a al ante bajo con contra de del desde durante en entre hacia hasta para por según sin sobre tras
amounts: uno algunos algunas muchos muchas pocos pocas ninguno ninguna mayoría mitad parte millón millones miles cientos
  docena decena centenar tipo especie
of: de del
locutions: a través de; a partir de; a pesar de; además de; antes de; después de; dentro de; fuera de; cerca de; lejos
  de; en vez de; en lugar de; por ejemplo; por supuesto; sin embargo; es decir; o sea; ya que; para que; así que; tal
  vez; a veces; de vez en cuando; cada vez más; más o menos; en cuanto a; con respecto a; junto a; frente a; alrededor
  de; hasta que; antes de que; lo que; la que; el que; los que; las que; todo lo que; tal como; mientras que; puesto
  que; de nuevo; al menos; por lo menos; todo el mundo; hay que; tiene que; tienen que; tengo que; tenemos que
numerals: dos tres cuatro cinco seis siete ocho nueve diez cien once doce trece catorce quince veinte treinta cuarenta
  cincuenta sesenta setenta ochenta noventa mil ciento cientos veintiuno veintiún veintidós veintitrés veinticuatro
  veinticinco veintiséis veintisiete veintiocho veintinueve dieciséis diecisiete dieciocho diecinueve
tens: treinta cuarenta cincuenta sesenta setenta ochenta noventa
multipliers: cien ciento cientos mil millón millones doscientos doscientas trescientos trescientas cuatrocientos
  cuatrocientas quinientos quinientas seiscientos seiscientas setecientos setecientas ochocientos ochocientas
  novecientos novecientas
joint: y
counted: euros por años
short_forms: sr sra dr art vol
own_short_forms: aprox av avda cap dña dra ee fig gral ing lic núm pág págs prof profa srta sres sto sta tel
titles: sr sra don doña dr
adjective: al ales ico ica ivo iva oso osa able ible ario aria iano iana ante ente ano ana ador adora eño eña il ista
stage: risa risas ríe ríen aplauso aplausos música sintonía ruido ruidos suspiro suspira suspiros carcajada carcajadas
  silencio cortinilla tose ininteligible inaudible
stage_companions: público fondo sala
articles: el la los las un una unos unas lo mi mis tu tus su sus nuestro nuestra este esta estos estas
particles: de del la y e el en al
sentence_words: yo tú él ella nosotros ellos es son era eran soy somos estoy está están ha han hay digo dice dicen dijo
  decir que quien cuando porque pero si no también muy se me te
prepositions: con por para sin sobre
first_person: yo tú nosotros
before_times: a las la hacia sobre hasta desde entre
after_times: h horas
roles: locutor locutora narrador narradora voz voces presentador presentadora entrevistador entrevistadora entrevistado
  entrevistada invitado invitada hombre mujer niño niña todos periodista moderador moderadora oyente
several_voices: varias varios voces
qualifiers: voz en off
before_colon: hoy mañana bueno pues sí no pero entonces ejemplo resultado conclusión nota atención problema solución
chapters: capítulo episodio parte bloque
metadata: título fecha duración lugar transcripción licencia enlace fuente programa descripción publicado podcast
participants: invitados invitadas participantes
credits: con presentado
transcript_titles: transcripción; transcripción completa
end_matter: notas; notas al pie; referencias; bibliografía; enlaces; fuentes; créditos
lone: % por ciento; ‰ por mil; & y; + más; - menos; − menos; = igual|igual a|es igual a; € euros|euro; $
  dólares|pesos|dólar; £ libras|libra; ¥ yenes; @ arroba|; # hashtag|almohadilla|número; ° grados|grado; § párrafo; ~
  aproximadamente; < menor que|menos de; > mayor que|más de
between: - |a|guion|menos; – |a; / |barra|entre|por|o; & y|and; + más; = igual a|igual; × por; * por; x por|; . |punto;
  : |a; @ arroba; _ |guion bajo; # almohadilla; % por ciento; € euros; $ dólares
address: . punto; / barra|; - guion|; _ guion bajo|; @ arroba; www uve doble uve doble uve doble|triple doble ve
units: % por ciento; ‰ por mil; € euros|euro; $ dólares|pesos|dólar; £ libras|libra; ¥ yenes; M€ millones de euros; M
  millones; k ka|mil; K ka|mil; ° grados|grado; °C grados|grados centígrados|grados celsius; °F grados
  fahrenheit|grados; am a eme|de la mañana; a.m a eme|de la mañana; pm pe eme|de la tarde|de la noche; p.m pe eme|de la
  tarde|de la noche; km kilómetros|kilómetro; km/h kilómetros por hora|kilómetros hora; m/s metros por segundo; m
  metros|metro; cm centímetros|centímetro; mm milímetros|milímetro; m2 metros cuadrados; m² metros cuadrados; m3 metros
  cúbicos; m³ metros cúbicos; km2 kilómetros cuadrados; km² kilómetros cuadrados; kg kilos|kilogramos|kilo; g
  gramos|gramo; mg miligramos; t toneladas|tonelada; l litros|litro; L litros|litro; ml mililitros; h horas|hora; min
  minutos|minuto; s segundos|segundo; ms milisegundos; Hz hercios; kHz kilohercios; MHz megahercios; GHz gigahercios; dB
  decibelios; KB kilobytes; MB megabytes|megas; GB gigabytes|gigas|giga; TB terabytes|teras; W vatios|watts; kW
  kilovatios; kWh kilovatios hora; MW megavatios; GW gigavatios; V voltios; kcal kilocalorías; x por|equis
abbreviations: sr señor; sra señora; srta señorita; sres señores; sras señoras; d. don; d.ª doña; dª doña; dña doña; dr
  doctor; dra doctora; dres doctores; prof. profesor; profa profesora; lic. licenciado; ing. ingeniero; sto santo; sta
  santa; s. san; ud usted; uds ustedes; vd usted; vds ustedes; ee estados; uu unidos; ee.uu estados unidos; eeuu estados
  unidos; rr.hh recursos humanos; jj.oo juegos olímpicos; cc.oo comisiones obreras; ff.aa fuerzas armadas; etc
  etcétera|etcétera etcétera; p.ej por ejemplo; p. por|página; ej ejemplo; a.c antes de cristo; d.c después de cristo;
  a. antes de; c. cristo|calle; av. avenida; avda avenida; aprox. aproximadamente; cía compañía; depto departamento; vs
  versus|contra; cf confróntese|véase; i.e es decir; e.g por ejemplo; tel. teléfono; s.a ese a|sociedad anónima; n.º
  número; nº número; n° número; núm número; № número; jr júnior
before_number: no. número; n. número; pág. página; págs. páginas; art. artículo; cap. capítulo; vol. volumen; fig.
  figura; ep. episodio
fractions: 1/2 un medio|medio|media; 1/3 un tercio; 2/3 dos tercios; 1/4 un cuarto; 3/4 tres cuartos; ½ un medio|y
  medio|medio; ⅓ un tercio; ⅔ dos tercios; ¼ un cuarto; ¾ tres cuartos
clock: * {h} {m}|{h} y {m}|{h} horas {m} minutos; 00 {h}|{h} horas|{h} en punto; 15 {h} y cuarto|{h} quince|{h} y
  quince; 30 {h} y media|{h} treinta|{h} y treinta; 45 {h} cuarenta y cinco|{n} menos cuarto|{h} y cuarenta y cinco
months: enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
hesitations: eh este hum hm hmm mm mmh ah oh
negations: no nunca jamás nada nadie ningún ninguno ninguna sin ni tampoco
large_numbers: mil millón millones
"""

LANGUAGE = record.Language(
    code="es",
    captioning=record.Captioning(
        endings=record.Endings(adverb="mente", adjectives_follow=True),
        untranscribed="pasaje no transcrito",
        ad="publicidad",
        jingle="sintonía",
        unreliable="es posible que estos subtítulos no correspondan al audio",
    ),
    reading=record.Reading(
        cardinals=record.Cardinals(
            code="es",
            decimal="coma|punto|con",
            half="{w} y medio",
            variants=((r"iuno$", "iún"), (r"uno$", "un"), (r"uno$", "una"), (r"cientos\b", "cientas")),
            feminine=((r"uno$", "una"),),
        ),
        ordinals=record.Ordinals(
            pattern=r"(?<!\d)(\d{1,15})\.?[ºª°](?!\s?[CF]\b)",
            ambiguous=r"(\d{1,15})\.?(?:er|ero|era|os?|as?|[ºª]s?)",
            variants=((r"o$", "a"), (r"(prim|terc)ero$", r"\1er"), (r"avo$", "ava")),
            plural=((r"$", "s"),),
            roman=("{c}", "{o}"),
        ),
        calendar=record.Calendar(
            hour_marks="hH:.",
            dates=("{d} de {month}[ de {y}]", "{d} de {month}[ del {y}]", "{d} del {m}[ de {y}]", "{d} {m}[ {y}]"),
        ),
        spelling=record.Spelling(
            letters=(
                _OWN,
                _OWN | record.table("b be larga; v ve; w doble ve; y ye; r ere"),
                _OWN | record.table("v ve; w doble u; y ye"),
                _ENGLISH,
            ),
            words_of_one_letter="AEOUY",
        ),
    ),
    posting=record.Posting(
        marks=("«", "»"),
        inner_marks=("“", "”"),
        alt="Fragmento de audio, {length}. {speaker}: {quote}",
        seconds=("segundo", "segundos"),
        source="De {episode}, en {at}",
    ),
).with_lists(_LISTS)
