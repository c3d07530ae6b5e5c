"""When two texts are reprints of each other."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.crawler.report_reading import SKETCH, can_be_alike, find_runs, is_reprint, sketch

BULLETIN = """El grupo de abogados contabiliza 812 personas detenidas por motivos políticos hasta el 2 de
febrero, de ellas 104 mujeres y 708 hombres, y recuerda que su lista se revisa cada semana con las familias,
con los tribunales y con quienes visitan los centros de reclusión. Pide además que se publique la relación
completa de quienes siguen presos y que cada traslado sea comunicado de inmediato a los allegados."""


def test_a_text_is_its_own_reprint_whatever_its_case_and_accents() -> None:
    assert is_reprint(find_runs(BULLETIN), find_runs(BULLETIN.upper().replace("Í", "I")))


def test_a_reprint_may_have_a_frame_of_its_own() -> None:
    framed = f"CARACAS (Agencia). Lo que se sabe hoy. {BULLETIN} Lea también nuestras otras notas del día."
    assert is_reprint(find_runs(BULLETIN), find_runs(framed))


def test_a_reprint_may_stand_whole_in_a_much_longer_text() -> None:
    other = (f"otra frase {'abcdefghij'[n % 10] * (n // 10 + 1)} distinta" for n in range(90))
    longer = BULLETIN + " ".join(other)
    assert is_reprint(find_runs(BULLETIN), find_runs(longer))


def test_another_figure_in_the_same_words_is_another_statement() -> None:
    assert not is_reprint(find_runs(BULLETIN), find_runs(BULLETIN.replace("708", "709")))
    assert not is_reprint(find_runs(BULLETIN), find_runs(BULLETIN.replace("2 de\nfebrero", "9 de febrero")))


def test_a_text_too_short_to_tell_is_no_reprint() -> None:
    assert not is_reprint(find_runs("Siguen presas 812 personas"), find_runs("Siguen presas 812 personas"))


@given(
    st.lists(
        st.sampled_from(["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "8", "9", "10"]),
        max_size=80,
    )
)
def test_likeness_is_symmetric_and_the_sketch_never_hides_an_equal_text(words: list[str]) -> None:
    one, other = find_runs(" ".join(words)), find_runs(BULLETIN)
    assert is_reprint(one, other) == is_reprint(other, one)
    assert len(sketch(one)) <= SKETCH
    assert not is_reprint(one, one) or can_be_alike(sketch(one), sketch(one))
