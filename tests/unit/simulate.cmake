# Traces, reports, exact queues: days on a virtual clock, from the project's own recorded days (tests/data).
add_library(first_calls STATIC unit/first_calls.c)
target_link_libraries(first_calls PUBLIC quarter_flags simulate PkgConfig::cmocka)

quarter_test(world_calls_as_the_reference SOURCES unit/test_world_traces.c LINK first_calls)
quarter_test(engine_calls_as_the_reference SOURCES unit/test_world_engine.c LINK first_calls TIMEOUT 120)
quarter_test(simulate_agrees_with_exact_queues SOURCES unit/test_simulate_exact.c LINK simulate)
quarter_test(simulate_invents_days SOURCES unit/test_simulate_workload.c LINK simulate)
quarter_test(simulate_reads_traces_and_tells_faults SOURCES unit/test_simulate_trace.c LINK first_calls)
quarter_test(simulate_reports_figures SOURCES unit/test_simulate_report.c LINK first_calls m)
quarter_test(simulate_command_compares_policies SOURCES unit/test_simulate_command.c LINK simulate)

add_executable(bench-simulate ${CMAKE_SOURCE_DIR}/tests/bench/simulate.c)
target_link_libraries(bench-simulate PRIVATE simulate bench_kit m)
set_target_properties(bench-simulate PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
