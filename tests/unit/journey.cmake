foreach(test IN ITEMS journey journey_triage journey_ease)
  quarter_test(test_${test} SOURCES unit/test_${test}.c unit/journey_kit.c LINK journey)
endforeach()

# A thousand inputs a second for a simulated day; three hours of it where the compiler does not optimise.
quarter_test(test_journey_day SOURCES unit/test_journey_day.c unit/journey_kit.c LINK journey TIMEOUT 600)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(test_journey_day PRIVATE JOURNEY_DAY_S=10800)
endif()

quarter_test(test_journey_site SOURCES unit/test_journey_site.c LINK kiosk_view site_kit)
target_compile_definitions(test_journey_site PRIVATE SITE_DIR="${CMAKE_SOURCE_DIR}/assets/sites/customer-centre")

quarter_test(test_kiosk_focus SOURCES unit/test_kiosk_focus.c LINK kiosk_shell)

# For tests/e2e/floor-page.mjs: the kiosk's walks, which the staff's page has to take in the same way.
add_executable(triage-walks e2e/triage-walks.c)
target_link_libraries(triage-walks PRIVATE quarter_flags test_kit site_kit kiosk_shell)
set_target_properties(triage-walks PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
