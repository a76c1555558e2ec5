"""Names and words that break files, players and readers."""

from collections.abc import Mapping

_PAIR = ("Ada Morel", "Luc Petit")

NAMES: Mapping[str, tuple[str | None, ...]] = {
    "with colons": ("Dr. M: Y", "Ada : Morel", "Luc\u00a0: le retour:"),
    "with markup": ("A --> B", '<b>Luc</b> & "fils"', "Zoé</v>", "&amp;", "x--", "{\\an8}'"),
    "with commas": ("Ada Morel, voix off", "Luc; Petit", "a,b,,c"),
    "with emoji": ("Ada 👩‍🚀", "🏴‍☠️", "Luc 🇫🇷"),
    "that run right to left": ("דנה כהן", "ليلى", "Dana דנה"),
    "with controls": ("Ada\nMorel", "Luc\r\nPetit", "Zo\x00é\x1b", "\u202eEvil", "a\x0bb\x85c\u2028d\u2029e\u200b"),
    "that are long": ("Ada " + "Morel " * 30, "x" * 180),
    "alike": ("Ada", "ada", "ADA", "Ada "),
    "of nothing": (" ", "–", ":", "\u200b"),
    "that are numbers": ("1", "00:01", "WEBVTT", "NOTE"),
    "with quotation marks": ('A="B', "C='D", "Ada = “E”", "/"),
    "of some": ("Ada", None, "Luc", None),
}
"""The speakers of an episode, who take turns."""

TEXTS: Mapping[str, tuple[str, tuple[str | None, ...], tuple[str, ...]]] = {
    "no speakers": ("en", (None,), ("So: it begins.", "It goes on for a while.", "It ends.")),
    "lines of files": ("en", (None,), ("NOTE", "NOTE that", "0", "STYLE", "12", "WEBVTT", "REGION", "-", "x")),
    "markup": (
        "en", _PAIR, (
            "Write --> or <b>bold</b> & <i> here.",
            'She said "&amp;" and \'<v Ada>\' \\N {\\an8} aloud.',
            "]]> <!-- --> <?php </script> ${x} {{y}}",
            "WEBVTT", "NOTE that", "STYLE", "1", "=1+1 @cmd -x +y", "# not [a](link) *b* _c_ `d`",
        ),
    ),
    "colons": (
        "en", _PAIR, (
            "So: we go. Here: the rule is: never stop: ever. Why: because: it rains.",
            "It is 9:15: time to go. From 9:15 to 10:30: talks. A ratio of 1:2 :: 3:4.",
            "https://example.org/a:b is: an address. Smile :) and 🎉: done. “Quoted”: yes. a :b c: d :e",
            ": begins. Ends with:",
            "Odd:\u00a0with :\u202fodd\u2009: spaces:\u3000all.",
        ),
    ),
    "colons in French": (
        "fr", _PAIR, (
            "Voici\u00a0: on part. Ici : la règle\u202f: jamais. «\u00a0Non\u00a0: oui\u00a0» : dit-elle.",
            "À 9:15\u00a0: le bac. L’autre : le bus. Et : et : et : encore.",
            "Une clé de 15 : tout commence là : ici : enfin.",
        ),
    ),
    "emoji": ("en", _PAIR, ("👩‍👩‍👧‍👦 came 🎉🎉 with 👍🏽 and ❤️‍🔥.", "🎉", "🇫🇷 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿: flags.", "1️⃣ one")),
    "Hebrew": (
        "he", ("דנה", "רון לוי"), ("3 קוראים באים מחר לגינה של New York. מי ידע את זה?", "כולם: אפילו הילדים.")
    ),
    "Arabic": (
        "ar", ("ليلى حداد", "سامي"), ("وصلنا إلى المحطة في الساعة 9:15، ثم انتظرنا؛ هل جاء القطار؟", "نعم: جاء.")
    ),
    "mixed directions": (
        "en", ("Dana דנה", "Sami"), ("The word שלום means peace: דנה said so.", "هذا OK: 50% من <b>HTML</b>.")
    ),
    "Japanese": (
        "ja", ("花子", "太郎"), (
            "東京の朝は早いです。電車が走り始めると、街が目を覚まします。",
            "そうですね：本当に静かです。",
        ),
    ),
    "long words": ("de", _PAIR, ("Donau" * 40 + ": ja. " + "x" * 70, "a" * 65 + " b", "a.example/" + "path/" * 30)),
    "one long sentence": ("en", _PAIR, ("and then " * 200 + "it ended.", "No.")),
    "controls": (
        "en", _PAIR, (
            "A tab\tand a bell \x07here, \x1b[31mred.",
            "No\x00thing \x0bnew\x0cpage \x85next \u2028line \u2029paragraph \ufeffmark \ufffe.",
            "Soft\u00adhyphen zero\u200bwidth word\u2060joiner.",
        ),
    ),
    "line ends": ("en", _PAIR, ("One line\r\nand another\r\n\r\nafter a blank one\rold.", "Two\nlines: here.")),
    "lone punctuation": ("en", _PAIR, ("…", "? Yes ! — no ; « » : / & < >", "!", "- Well - he said - : -")),
}  # fmt: skip
"""The language, the speakers, and what they say in turns."""
