"""Invented numbers of people, put together at run time so that no file holds anything like a real one."""

from collections.abc import Callable

IDENTITY = "V-" + ".".join(("12", "345", "678"))
IDENTITY_PLAIN = IDENTITY.replace("-", "").replace(".", "")
IDENTITY_FOREIGN = "E-" + ".".join(("84", "123", "456"))
_DIGITS = IDENTITY_PLAIN[1:]
_PHONE = "-".join(("0414", "555")) + ".12.34"

# One of each kind that may not leave, and what of it would be a leak in letters and digits alone.
PLANTED = {
    "an identity number": (f"cédula {IDENTITY}", _DIGITS),
    "a phone number": (_PHONE, "4145551234"),
    "an e-mail address": ("@".join(("fulano", "inventez.example")), "fulanoinventez"),
    "a birth date": ("nacida el " + "/".join(("12", "03", "1990")), "12031990"),
    "a name with an age": (" ".join(("Mengana", "Inventez,", "de 34 años")), "menganainventez"),
}

# The same of other countries, under their labels or by their forms.
ABROAD = {
    "CU": "900112" + "34567",
    "CO": "C.C. 1." + ".".join(("020", "345", "678")),
    "PE": f"DNI {_DIGITS}",
    "EC": f"cédula 17{_DIGITS}",
    "CL": "RUT " + ".".join(("12", "345", "678")) + "-5",
    "AR": f"DNI {IDENTITY[2:]}",
    "BR": "CPF " + ".".join(("123", "456", "789")) + "-09",
    "MX": "INVE900312" + "HDFRRL09",
    "ES": f"{_DIGITS}Z",
    "ES (NIE)": f"X{_DIGITS[:7]}L",
    "US": "-".join(("123", "45", "6789")),
    "NI": "-".join(("001", "120390", "0001")) + "A",
    "DO": "-".join(("001", _DIGITS[:7], "8")),
    "BY": "3120390" + "A001PB5",
    "RU": "паспорт " + " ".join(("45", "08", "123456")),
    "MM": "12/OUKAMA(N)" + "123456",
    "any passport": f"pasaporte C{_DIGITS}",
    "a phone of Spain": "+34 " + " ".join(("612", "345", "678")),
    "a phone of Colombia": "tel. " + "300" + _DIGITS[:7],
    "a phone of the United States": "(305) " + "-".join(("555", "0123")).replace("555", "456"),
    "a phone of Cuba": "+53 " + "52345" + "678",
}


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _digits(first: int) -> Callable[[str], str]:
    return lambda text: "".join(chr(first + int(c)) if "0" <= c <= "9" else c for c in text)


def _between(what: str) -> Callable[[str], str]:
    """Something between every two characters."""
    return lambda text: what.join(text)


# Ways to write a text so that a search for it as it is finds nothing.
DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "full width": _wide,
    "Arabic digits": _digits(0x660),
    "Persian digits": _digits(0x6F0),
    "Devanagari digits": _digits(0x966),
    "Thai digits": _digits(0xE50),
    "bold digits": _digits(0x1D7CE),
    "double-struck digits": _digits(0x1D7D8),
    "zero-width joiners": _between("\u200d"),
    "zero-width spaces": _between("\u200b"),
    "soft hyphens": _between("\u00ad"),
    "word joiners": _between("\u2060"),
    "combining marks": _between("\u0336"),
    "variation selectors": _between("\ufe0f"),
    "bidi controls": lambda text: f"\u202e{text}\u202c".replace("1", "\u20661\u2069"),
    "non-breaking hyphens": lambda text: text.replace("-", "\u2011"),
    "minus signs": lambda text: text.replace("-", "\u2212"),
    "em dashes": lambda text: text.replace("-", "—"),
    "middle dots": lambda text: text.replace(".", "·"),
    "thin spaces": lambda text: text.replace(" ", "\u2009"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "line breaks": lambda text: text.replace(" ", "\n"),
    "Cyrillic letters": lambda text: (
        text.replace("V", "Ѵ").replace("E", "Е").replace("e", "е").replace("a", "а")
    ),
    "decomposed": lambda text: text.replace("é", "e\u0301").replace("ñ", "n\u0303"),
    "HTML entities": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(c):x};" for c in text),
    "percent-encoded": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent-encoded twice": lambda text: "".join(f"%25{byte:02x}" for byte in text.encode()),
    "escapes": lambda text: "".join(
        f"\\U{ord(c):08x}" if ord(c) > 0xFFFF else f"\\u{ord(c):04x}" for c in text
    ),
    "tags inside": lambda text: "<b></b>".join(text),
}
# Ways to write an identity number, whatever its characters.
SHAPES: dict[str, str] = {
    "dots": IDENTITY,
    "plain": IDENTITY_PLAIN,
    "space": f"V {_DIGITS}",
    "lower case": f"v-{_DIGITS}",
    "foreign": IDENTITY_FOREIGN,
    "spaced": "V-" + " ".join(_DIGITS),
    "underscores": "V_" + "_".join(("12", "345", "678")),
    "slashes": "V/" + "/".join(("12", "345", "678")),
    "commas": "V-" + ",".join(("12", "345", "678")),
    "broken": "V-" + "\n".join(("12", "345", "678")),
    "no letter": f"C.I. {_DIGITS}",
    "label alone": f"cédula de identidad N° {IDENTITY[2:]}",
    "titular": f"titular de la cédula {_DIGITS}",
    "identified": f"identificado con {_DIGITS}",
    "document": f"documento: {_DIGITS}",
    "label after": f"{IDENTITY[2:]} (cédula)",
    "beside a name": f"Mengana Inventez, {IDENTITY[2:]}",
    "on its own": _DIGITS,
    "RIF": f"V-{_DIGITS}-9",
    "in words": "uno dos tres cuatro cinco seis siete ocho",
}
EMAILS = (
    " arroba ".join(("fulano", "correo punto example")),
    " (at) ".join(("fulano", "mail dot example")),
    "[at]".join(("fulano", "mail.example")),
    "{at}".join(("fulano", "mail{dot}example")),
    " at ".join(("fulano", "mail dot example")),
    " @ ".join(("fulano", "mail . example")),
    " arroba ".join(("fulano", "mail")),
    "mailto:" + "%40".join(("fulano", "mail.example")),
)
BIRTHS = (
    "nacido el " + " de ".join(("12", "marzo", "1990")),
    "fecha de nacimiento: " + "-".join(("12", "03", "1990")),
    "F.N. " + ".".join(("12", "03", "90")),
    "born " + " ".join(("March", "12,", "1990")),
    "born on " + " ".join(("12", "March", "1990")),
    "DOB: " + "-".join(("1990", "03", "12")),
    "nascida em " + "/".join(("12", "03", "1990")),
    "Mengana Inventez (" + "/".join(("12", "03", "1990")) + ")",
)
AGES = (
    "Mengana Inventez (34)",
    "Mengana Inventez (34 años)",
    "Mengana Inventez, 34, fue vista",
    "34-year-old Mengana Inventez",
    "Mengana Inventez, aged 34",
    "MENGANA INVENTEZ, 34 AÑOS",
    "Mengana Inventez tiene 34 años",
    "Mengana de la Prueba Inventez, edad 34",
    "joven de 22 años Mengana Inventez",
    "Según Mengana Inventez, de 34 años",
)
ADDRESSES = (
    f"https://diario.example/lista/{IDENTITY}",
    f"https://diario.example/?cedula={_DIGITS}",
    f"https://diario.example/?q=V%2D{_DIGITS}",
    f"https://diario.example/ficha?ci={IDENTITY[2:]}",
    "https://wa.me/58" + "4145551234",
    "https://diario.example/?tel=0" + "4145551234",
    "https://diario.example/%2B58" + "4145551234",
    "https://diario.example/" + "%40".join(("fulano", "mail.example")),
    "https://diario.example/nacida-el-" + "-".join(("12", "03", "1990")),
)
