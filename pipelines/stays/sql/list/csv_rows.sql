-- One row is one row of a CSV list, every cell as text. Nothing is guessed.
FROM read_csv(
    $path, columns = $columns, header = true, sep = $separator, quote = '"', escape = '"', auto_detect = false,
    encoding = $encoding, store_rejects = true, rejects_limit = $most
)
