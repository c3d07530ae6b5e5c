"""Articles that a core scans and reads in a second, once warm: generated variations of press texts."""

import random
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

SCANNED, READ = 400, 40  # articles of each kind
SCANS_A_SECOND, READS_A_SECOND = 200, 2  # at the least
_OPENINGS = (
    "Caracas.- Foro Penal confirmó este {day} {a} excarcelaciones desde el 8 de enero hasta las {h}:30.",
    "Foro Penal counted {b} political prisoners as of {en_day}, including {c} women and {d} men.",
    "Según la Plataforma Unitaria, al menos {b} personas continúan tras las rejas y {a} han salido.",
    "A Foro Penal verificou {a} libertações entre 8 de janeiro e domingo; {b} pessoas continuam presas.",
)
_BODIES = (
    "De los {b} presos políticos, {d} son hombres y {c} mujeres; {e} son militares y {f} civiles.",
    "El Gobierno cifra el total en {g} desde diciembre, pero no ha publicado una lista.",
    "La ley, de 16 artículos, fue aprobada con 256 votos a las 11:40 pm y entró en vigor el 20 de febrero.",
    "Authorities say more than {g} people have been freed since December; relatives doubt it.",
    "Un activista de 34 años esperó 14 horas frente a El Rodeo I, a 30 kilómetros de la capital.",
    "Jorge Arreaza informó de {h}.{g} solicitudes de amnistía: {a} estaban detenidas y {b} tenían medidas.",
)
_BACKGROUND = (
    "Las familias esperan a las puertas de la cárcel y piden que se publique una lista con los nombres.",
    "La organización, que ofrece asistencia legal gratuita, insiste en que cada caso debe ser confirmado.",
    "El proceso fue presentado como un gesto unilateral y todavía no tiene un calendario conocido.",
    "«No sabemos nada desde el viernes», dijo una de ellas mientras sostenía un cartel frente a la reja.",
    "Rights advocates say that many of those who leave are barred from speaking to the press or travelling.",
)


def variation(dice: random.Random, sentences: int, background: float = 0.0) -> str:
    """One article: an opening and body sentences with numbers of their own. `background`: the share of them
    that counts nothing, as in a real long article."""
    body = (
        dice.choice(_BACKGROUND if background and dice.random() < background else _BODIES)
        for _ in range(sentences - 1)
    )
    picked = [dice.choice(_OPENINGS), *body]
    numbers = {key: dice.randint(10, 900) for key in "abcdefg"}
    days = {"day": dice.choice(("lunes", "martes")), "en_day": "Monday", "h": dice.randint(1, 9)}
    return " ".join(sentence.format(**numbers, **days) for sentence in picked)


def main() -> list[dict[str, Any]]:
    """Rows of a table: articles of some length that are scanned, and read, in a second of one core's time.

    The scan's bar is met or missed at the length of a long article, the reader's at every length.
    """
    root = Path(__file__).resolve().parents[2]
    sys.path.insert(0, str(root))  # run as a script, Python looks in this file's folder only
    from pipelines.core.situation import read_organisations, read_situation
    from pipelines.intake.prose.extraction import extract, look_at_text
    from pipelines.intake.prose.mentions import list_mentions

    folder, day = root / "data" / "venezuela", date(2026, 2, 26)
    situation, organisations = read_situation(folder), read_organisations(folder)
    rows = []
    for sentences, background in ((3, 0.0), (10, 0.0), (40, 0.75)):
        dice = random.Random(20260108)
        texts = [variation(dice, sentences, background) for _ in range(SCANNED)]
        for text in texts[:5]:
            extract(text, day, situation, organisations)
        begun = time.process_time()
        for text in texts:
            list_mentions(look_at_text(text, day, situation, organisations))
        scanned = SCANNED / (time.process_time() - begun)
        begun = time.process_time()
        claims = sum(len(extract(text, day, situation, organisations)) for text in texts[:READ])
        read = READ / (time.process_time() - begun)
        slow = scanned < SCANS_A_SECOND and sentences == 40
        rows.append(
            {
                "what": f"articles of {sum(map(len, texts)) // SCANNED:,} characters",
                "scanned_per_second": round(scanned),
                "read_per_second": round(read, 1),
                "claims_per_article": round(claims / READ, 1),
                "holds": "no" if slow or read < READS_A_SECOND else "yes",
            }
        )
    return rows


if __name__ == "__main__":
    for row in main():
        print(row)
