-- The rows of `said` become a Parquet file of their own.
COPY (FROM said ORDER BY figure_id, published, claim_id) TO $path (
    FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
    KV_METADATA {build: $build, parent: $parent, length: $length}
)
