# The desk simulated, and forecasts: pure, like the engine.
quarter_test(world_follows_its_rules SOURCES unit/test_world.c LINK forecast)
quarter_test(world_keeps_its_guarantees SOURCES unit/test_world_random.c LINK forecast)

add_library(knowledge_rig STATIC unit/knowledge_rig.c)
target_link_libraries(knowledge_rig PUBLIC quarter_flags forecast PkgConfig::cmocka)
quarter_test(knowledge_of_visits_recovers_the_truth SOURCES unit/test_knowledge_visits.c LINK knowledge_rig)
quarter_test(knowledge_draws_agree_with_brute_force SOURCES unit/test_knowledge_draws.c LINK knowledge_rig m)
quarter_test(knowledge_of_days_is_written_and_read_back SOURCES unit/test_knowledge_days.c LINK knowledge_rig m)
quarter_test(learner_learns_from_the_journal SOURCES unit/test_learner.c LINK engine_rig forecast m)
quarter_test(forecast_agrees_with_what_is_known SOURCES unit/test_forecast.c LINK knowledge_rig)
quarter_test(forecast_promises_are_kept_and_scored SOURCES unit/test_forecast_promise.c LINK forecast m)
quarter_test(advice_ranks_moves_by_effect SOURCES unit/test_advice.c LINK knowledge_rig)
quarter_test(forecast_snapshots_show_the_floor SOURCES unit/test_forecast_snapshot.c LINK engine_rig forecast)
quarter_test(forecast_scores_hold SOURCES unit/test_forecast_score.c LINK simulate m TIMEOUT 300)

add_executable(bench-forecast ${CMAKE_SOURCE_DIR}/tests/bench/forecast.c)
target_link_libraries(bench-forecast PRIVATE forecast bench_kit m)
set_target_properties(bench-forecast PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
