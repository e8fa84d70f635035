# What every test may use; quarter_test() links it.
add_library(test_kit STATIC unit/test_kit.c)
target_include_directories(test_kit PUBLIC unit)
target_link_libraries(test_kit PUBLIC quarter_flags)

# What every program links.
quarter_test(test_log SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_log.c LINK log)
