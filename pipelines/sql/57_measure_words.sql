-- One row is one measure in words, for the sentences of reasons; one that has none is called by its own name.
CREATE VIEW measure_words AS
SELECT measure, coalesce(spoken.words_es, measure) AS words_es, coalesce(spoken.words_en, measure) AS words_en
FROM measures
LEFT JOIN (
    VALUES
        ('in_custody', 'personas en prisión', 'people in custody'),
        ('under_measures', 'personas fuera de prisión bajo medidas', 'people out under measures'),
        ('released_to_date', 'excarcelaciones', 'releases from prison'),
        ('full_freedom_to_date', 'libertades plenas', 'orders of full freedom'),
        ('amnesty_granted_to_date', 'amnistías concedidas', 'amnesties granted'),
        ('released', 'excarcelaciones', 'releases from prison'),
        ('detained', 'detenciones nuevas', 'new detentions'),
        ('detained_to_date', 'detenciones', 'detentions'),
        ('deaths_in_custody_to_date', 'muertes bajo custodia', 'deaths in custody'),
        ('amnesty_applications_to_date', 'solicitudes de amnistía', 'amnesty applications'),
        ('release_announced', 'excarcelaciones anunciadas', 'announced releases')
) AS spoken(measure, words_es, words_en) USING (measure);
