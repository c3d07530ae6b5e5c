-- One row is one measure's place on the status ladder: figures of one topic are those that a reader would set against
-- each other, and only those of one rung may be. Words are for the sentences of reasons.
CREATE VIEW ladder AS
FROM (
    VALUES
        ('in_custody', 'held', 'in_custody', 'personas en prisión', 'people in custody'),
        ('under_measures', 'out', 'under_measures', 'personas fuera de prisión bajo medidas', 'people out under measures'),
        ('released_to_date', 'out', 'released', 'excarcelaciones', 'releases from prison'),
        ('full_freedom_to_date', 'out', 'full_freedom', 'libertades plenas', 'orders of full freedom'),
        ('amnesty_granted_to_date', 'out', 'amnesty', 'amnistías concedidas', 'amnesties granted'),
        ('released', 'out_in_window', 'released', 'excarcelaciones', 'releases from prison'),
        ('detained', 'detained_in_window', 'detained', 'detenciones nuevas', 'new detentions'),
        ('detained_to_date', 'detained', 'detained', 'detenciones', 'detentions'),
        ('deaths_in_custody_to_date', 'deaths', 'deaths', 'muertes bajo custodia', 'deaths in custody'),
        ('amnesty_applications_to_date', 'applications', 'applications', 'solicitudes de amnistía', 'amnesty applications')
) AS rungs(measure, topic, rung, words_es, words_en);
