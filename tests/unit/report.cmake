# The figures of a day: pure but for the comparison with the journal.
add_library(report_rig STATIC unit/test_report_rig.c unit/test_report_random.c)
target_link_libraries(report_rig PUBLIC quarter_flags test_kit report PkgConfig::cmocka)

quarter_test(report_figures_follow_their_definitions SOURCES unit/test_report_today.c LINK report_rig)
quarter_test(report_figures_hold_on_random_days SOURCES unit/test_report_property.c LINK report_rig)
quarter_test(report_leaves_as_json_and_csv SOURCES unit/test_report_write.c LINK report_rig PkgConfig::jansson)
quarter_test(report_of_a_busy_day_costs_little SOURCES unit/test_report_cost.c LINK report_rig)

# 30 days through the engine and the journal; and against SQL written by other eyes, where it is.
quarter_test(report_days_are_told_alike_by_journal_and_sql SOURCES unit/test_report_days.c unit/test_report_centre.c
  LINK report_rig engine store PkgConfig::sqlite3 TIMEOUT 240)
if(QUARTER_SANITIZE) # SQLite is what takes the time, and it is not instrumented
  target_compile_definitions(report_days_are_told_alike_by_journal_and_sql PRIVATE REPORT_DAYS=8)
endif()
if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/unit/today.sql)
  target_compile_definitions(report_days_are_told_alike_by_journal_and_sql PRIVATE QUARTER_TODAY_SQL="tests/unit/today.sql")
endif()
