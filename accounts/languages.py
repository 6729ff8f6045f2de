"""The languages that people may say they speak, each under its own name."""

from django.conf.locale import LANG_INFO

# Regional variants, constructed languages and double entries of Django's list.
_LEFT_OUT = {"eo", "ia", "io", "no", "zh-hans", "zh-hant"}

# Spoken where the course is taught, and not among Django's.
_ADDED = {
    "am": "አማርኛ",
    "bm": "Bamanankan",
    "ff": "Pulaar",
    "fil": "Filipino",
    "gn": "Avañe’ẽ",
    "ha": "Hausa",
    "ht": "Kreyòl ayisyen",
    "ln": "Lingála",
    "mg": "Malagasy",
    "om": "Afaan Oromoo",
    "ps": "پښتو",
    "qu": "Runasimi",
    "rw": "Ikinyarwanda",
    "si": "සිංහල",
    "so": "Soomaali",
    "ti": "ትግርኛ",
    "wo": "Wolof",
    "xh": "isiXhosa",
    "yo": "Yorùbá",
    "zh": "中文",
    "zu": "isiZulu",
}


def _own_names() -> dict[str, str]:
    known = {
        code: info["name_local"]
        for code, info in LANG_INFO.items()
        if "name_local" in info and "-" not in code and code not in _LEFT_OUT
    }
    names = {**known, **_ADDED}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


OWN_NAMES = _own_names()
