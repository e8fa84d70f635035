# Benchmarks are built with everything else and run by ./run bench; they are never timed tests.
add_library(bench_kit STATIC ${CMAKE_SOURCE_DIR}/tests/bench/bench.c)
target_include_directories(bench_kit PUBLIC ${CMAKE_SOURCE_DIR}/tests/bench)
target_link_libraries(bench_kit PUBLIC quarter_flags PkgConfig::sqlite3 PkgConfig::jansson Threads::Threads)
foreach(bench IN ITEMS issue fanout)
  add_executable(bench-${bench} ${CMAKE_SOURCE_DIR}/tests/bench/${bench}.c)
  target_link_libraries(bench-${bench} PRIVATE bench_kit)
  set_target_properties(bench-${bench} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(TARGET queue-server)
    add_dependencies(bench-${bench} queue-server)
  endif()
endforeach()

# Loaded into the benchmark and its servers only.
add_library(slow_sync MODULE ${CMAKE_SOURCE_DIR}/tests/bench/slow_sync.c)
target_link_libraries(slow_sync PRIVATE quarter_flags ${CMAKE_DL_LIBS})
set_target_properties(slow_sync PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_dependencies(bench-issue slow_sync)
