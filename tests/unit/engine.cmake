# The engine is pure: none of these sleeps, reads a clock or touches a file.
add_library(engine_rig STATIC unit/test_engine_rig.c unit/test_engine_model.c)
target_link_libraries(engine_rig PUBLIC quarter_flags test_kit engine PkgConfig::cmocka)

quarter_test(ticket_states_and_codes SOURCES unit/test_engine_ticket.c LINK ticket)
quarter_test(engine_numbers_are_used_once SOURCES unit/test_engine_numbers.c LINK engine_rig)
quarter_test(engine_lines_keep_order SOURCES unit/test_engine_lines.c LINK engine_rig)
quarter_test(engine_policies_follow_their_rules SOURCES unit/test_engine_policy.c LINK engine_rig)
quarter_test(engine_counters_call_and_finish SOURCES unit/test_engine_counters.c LINK engine_rig)
quarter_test(engine_needs_bookings_and_reasons SOURCES unit/test_engine_needs.c LINK engine_rig)
quarter_test(engine_counters_are_ready_or_paused SOURCES unit/test_engine_ready.c LINK engine_rig)
quarter_test(engine_staff_do_more_than_call SOURCES unit/test_engine_staff.c LINK engine_rig)
quarter_test(engine_overtaking_is_bounded SOURCES unit/test_engine_overtaking.c LINK engine_rig)
quarter_test(engine_visits_and_help_at_kiosks SOURCES unit/test_engine_help.c LINK engine_rig)
quarter_test(engine_days_sites_and_visits SOURCES unit/test_engine_days.c LINK engine_rig)
quarter_test(engine_simulated_days_hold_invariants SOURCES unit/test_engine_simulation.c unit/test_engine_traffic.c
  LINK engine_rig TIMEOUT 120)

add_executable(bench-decide ${CMAKE_SOURCE_DIR}/tests/bench/decide.c)
target_link_libraries(bench-decide PRIVATE engine bench_kit m)
set_target_properties(bench-decide PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
