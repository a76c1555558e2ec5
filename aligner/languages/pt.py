"""Define how Portuguese is read aloud in Portugal and in Brazil."""

from aligner.languages import record

_OWN = record.letter_names(
    "a bê cê dê é efe gê agá i jota cá ele eme ene ó pê quê erre esse tê u vê dáblio xis ípsilon zê"
)
# English letter names, spelled as Portuguese would spell them.
_ENGLISH = record.letter_names(
    "ei bi si di i ef dji eitch ai djei quei el em en ou pi quiu ar es ti iu vi dabliu ex uai zi"
)

_LISTS = """
clinging: o a os as um uma uns umas do da dos das no na nos nas ao à aos às pelo pela pelos pelas num numa dum duma este
  esta estes estas esse essa esses essas aquele aquela meu minha teu tua seu sua nosso nossa cada algum alguma nenhum
  nenhuma todo toda todos todas qual que de em por para com sem sob sobre entre até desde contra durante após eu tu ele
  ela nós eles elas você vocês me te se lhe não e ou nem mas porque quando onde como enquanto muito mais menos tão sr
  sra dr dra são santa
stressed: ele ela nós eles elas você vocês muito mais menos não todo toda todos todas
leaning: hei há havia tenho tem temos têm tinha tinham terá ter sou é somos são era eram foi foram ser será estou está
  estamos estão estava estavam estar vou vai vamos vão ia posso pode podemos podem deve devem quer grande novo nova
  mesmo mesma primeiro primeira último última outro outra outros outras bom boa alguém ninguém nada algo muitos muitas
  poucos poucas vários várias mau má velho velha novos novas grandes dois duas três quatro cinco seis sete oito nove dez
  onze doze vinte trinta quarenta cinquenta cem mil
clause: e ou nem mas que quem quando onde como se porque embora enquanto pois cujo cuja porém então
phrase: de do da dos das em no na nos nas por pelo pela para com sem sob sobre entre até desde contra durante após a ao
  à aos às num numa
amounts: alguns algumas muitos muitas poucos nenhum maioria metade parte milhão milhões milhares centenas dezena dúzia
  tipo espécie
of: de do da dos das
locutions: a partir de; apesar de; além de; antes de; depois de; dentro de; fora de; perto de; longe de; em vez de; por
  exemplo; com certeza; no entanto; ou seja; já que; para que; assim que; às vezes; de vez em quando; cada vez mais;
  mais ou menos; em relação a; junto a; em torno de; até que; antes que; o que; a que; os que; as que; tudo o que; pelo
  menos; todo o mundo; tem que; têm que; graças a; por causa de
numerals: dois duas três quatro cinco seis sete oito nove dez onze doze vinte trinta quarenta cinquenta cem mil treze
  catorze quatorze quinze dezasseis dezesseis dezassete dezessete dezoito dezanove dezenove
tens: vinte trinta quarenta cinquenta sessenta setenta oitenta noventa
multipliers: cem cento mil duzentos duzentas trezentos trezentas quatrocentos quatrocentas quinhentos quinhentas
  seiscentos seiscentas setecentos setecentas oitocentos oitocentas novecentos novecentas milhão milhões bilhão bilhões
joint: e
counted: euros por anos
short_forms: sr sra dr prof art vol
own_short_forms: aprox av cap dra drs eng exmo fig gen núm pág págs profa srta srs sto sta tel
titles: sr sra dr
adjective: al ais ico ica ivo iva oso osa ável áveis ível íveis ário ária iano iana ante ente ano ana ador adora il
  ista
stage: risos rindo aplausos música vinheta ruído
stage_companions: plateia
articles: o a os as um uma meu minha nosso nossa este esta
particles: de da do dos das e a
sentence_words: eu ele ela nós são que se não mas
prepositions: com por para sobre
first_person: eu
before_times: às as à pelas até desde das entre
after_times: h horas
roles: apresentador apresentadora convidado convidada narrador narradora homem mulher voz
qualifiers: voz
before_colon: exemplo resultado
chapters: parte
participants: convidados convidadas participantes
transcript_titles: transcrição
end_matter: notas; referências; bibliografia; ligações; créditos
lone: % por cento; ‰ por mil; & e; + mais; - menos; − menos; = igual|igual a; € euros|euro; $ dólares|dólar; £
  libras|libra; ¥ ienes; @ arroba|; # hashtag|cardinal|jogo da velha; ° graus|grau; § parágrafo; ~ cerca de; < menor
  que|menos de; > maior que|mais de
between: - |a|hífen|menos|traço; – |a; / |barra|sobre|por|ou; & e|and; + mais; = igual a|igual; × vezes|por; * vezes; x
  por|vezes|a|; . |ponto; : |a; @ arroba; _ |underline|sublinhado; # cardinal; % por cento; € euros; $ dólares
address: . ponto; / barra|; - hífen|traço|; _ underline|; @ arroba; www dáblio dáblio dáblio|três dáblios
units: % por cento; ‰ por mil; € euros|euro; $ dólares|dólar|reais; R$ reais|real; £ libras|libra; ¥ ienes; M€ milhões
  de euros; mi milhões; bi bilhões; M milhões; k cá|mil; K cá|mil; ° graus|grau; °C graus|graus celsius|graus
  centígrados; °F graus fahrenheit|graus; km quilómetros|quilômetros|quilômetro; km/h quilómetros por hora|quilômetros
  por hora; m/s metros por segundo; m metros|metro; cm centímetros|centímetro; mm milímetros|milímetro; m2 metros
  quadrados; m² metros quadrados; m3 metros cúbicos; m³ metros cúbicos; km2 quilómetros quadrados|quilômetros quadrados;
  km² quilómetros quadrados|quilômetros quadrados; ha hectares; kg quilos|quilogramas|quilo; g gramas|grama; mg
  miligramas; t toneladas|tonelada; l litros|litro; L litros|litro; ml mililitros|eme ele; h horas|hora; min
  minutos|minuto; s segundos|segundo; ms milissegundos; Hz hertz; kHz quilohertz; MHz megahertz; GHz gigahertz; dB
  decibéis; KB kilobytes; MB megabytes|megas; GB gigabytes|gigas|giga; TB terabytes|teras; W watts; kW quilowatts; kWh
  quilowatts hora; MW megawatts; GW gigawatts; V volts; kcal quilocalorias; x vezes|xis
abbreviations: sr senhor; sra senhora; srta senhorita; srs senhores; sras senhoras; d. dom|dona; dr doutor; dra doutora;
  drs doutores; prof professor; prof. professor; profa professora; prof.ª professora; profª professora; eng. engenheiro;
  exmo excelentíssimo; sto santo; sta santa; s. são|santo; etc etcétera|et cetera|etc etc; p.ex por exemplo; p.
  por|página; ex. exemplo|por exemplo; a.c antes de cristo; d.c depois de cristo; av. avenida; r. rua; aprox.
  aproximadamente; cia companhia; ltda limitada; lda limitada; vs versus|contra; cf confira|confronte; i.e isto é; e.g
  por exemplo; tel. telefone; eua estados unidos|é u a|estados unidos da américa; vc você; vcs vocês; n.º número; nº
  número; n° número; № número; jr júnior
before_number: no. número; n. número; pág. página; págs. páginas; art. artigo; cap. capítulo; vol. volume; fig. figura;
  ep. episódio
fractions: 1/2 um meio|meio|meia; 1/3 um terço; 2/3 dois terços; 1/4 um quarto; 3/4 três quartos; ½ um meio|e meio|e
  meia|meio; ⅓ um terço; ⅔ dois terços; ¼ um quarto; ¾ três quartos
hours: 0 meia-noite; 12 meio-dia; 24 meia-noite
clock: * {h} e {m}|{h}[ horas] e {m}|{h}[ horas] e {m} minutos; 00 {h}[ horas]|{h}|{h}[ hora]|{h} em ponto; 15 {h} e
  quinze|{h} e um quarto|{h} horas e quinze; 30 {h} e meia|{h} e trinta|{h} horas e trinta|{h} horas e meia; 45 {h} e
  quarenta e cinco|quinze para as {n}|{n} menos um quarto
months: janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
hesitations: hum hm hmm mm mmh ah eh oh pois então
negations: não nunca jamais nada ninguém nenhum nenhuma sem nem tampouco
large_numbers: mil milhão milhões bilhão bilhões
"""

LANGUAGE = record.Language(
    code="pt",
    captioning=record.Captioning(
        endings=record.Endings(adverb="mente", adjectives_follow=True),
        untranscribed="trecho não transcrito",
        ad="publicidade",
        jingle="vinheta",
        unreliable="estas legendas podem não corresponder ao áudio",
    ),
    reading=record.Reading(
        cardinals=record.Cardinals(
            code="pt",
            decimal="vírgula|ponto",
            half="{w} e meio",
            dialect="pt_BR",
            variants=(
                (r"um$", "uma"),
                (r"dois$", "duas"),
                (r"^mil e ", "mil "),
                (r"quatorze", "catorze"),
                (r"catorze", "quatorze"),
            ),
            digit_variants=((r"seis", "meia"),),
            feminine=((r"um$", "uma"), (r"dois$", "duas")),
        ),
        ordinals=record.Ordinals(
            pattern=r"(?<!\d)(\d{1,15})\.?[ºª°](?!\s?[CF]\b)",
            ambiguous=r"(\d{1,15})\.?(?:os?|as?|[ºª]s?)",
            variants=((r"o$", "a"), (r"o (\w+)o$", r"a \1a")),
            plural=((r"$", "s"),),
            roman=("{c}", "{o}"),
        ),
        calendar=record.Calendar(dates=("{d} de {month}[ de {y}]", "{d} do {m}[ de {y}]", "{d} {m}[ {y}]")),
        spelling=record.Spelling(
            letters=(
                _OWN,
                _OWN | record.table("e ê; k capa; o ô; w dâblio; y ípsilon; g guê"),
                _OWN | record.table("w duplo vê; y i grego; k capa; f fê; l lê; m mê; n nê; r rê"),
                _ENGLISH,
            ),
            words_of_one_letter="AEOÉÀ",
        ),
    ),
    posting=record.Posting(
        marks=("«", "»"),
        inner_marks=("“", "”"),
        alt="Excerto de áudio, {length}. {speaker}: {quote}",
        seconds=("segundo", "segundos"),
        source="De {episode}, em {at}",
    ),
).with_lists(_LISTS)
