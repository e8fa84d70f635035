# What every test may use; quarter_test() links it.
add_library(test_kit STATIC unit/test_kit.c)
target_include_directories(test_kit PUBLIC unit)
target_link_libraries(test_kit PUBLIC quarter_flags)
# Of what is looked through from end to end, sanitized builds take one in so many: a fault of memory needs the code to be
# run, not every page in every language, and each judgement is made of all of it without them.
if(QUARTER_SANITIZE)
  target_compile_definitions(test_kit PUBLIC TEST_EVERY=4)
else()
  target_compile_definitions(test_kit PUBLIC TEST_EVERY=1)
endif()

# What every program links.
quarter_test(test_log SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_log.c LINK log)
