-- No rows: how much a reading process may take. One core a question, for many ask at once; what does not fit into
-- the memory is written beside the build up to a limit, or refused where that folder is not ours to write to.
SET GLOBAL threads = 1;
SET GLOBAL memory_limit = '256MB';
SET GLOBAL max_temp_directory_size = '512MB';
-- What was freed goes back to the system: else it stays as large as its largest question was.
SET GLOBAL allocator_flush_threshold = '1MB';
SET GLOBAL allocator_bulk_deallocation_flush_threshold = '1MB';
SET GLOBAL allocator_background_threads = true;
SET GLOBAL dynamic_or_filter_threshold = 1000; -- few rows of many are fetched, not sought
