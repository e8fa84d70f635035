# What every program links.
quarter_test(test_log SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_log.c LINK log)
