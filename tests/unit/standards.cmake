# STANDARDS.md as tests: tests/standards. `standards` measures (kiosk, display, scripts), each writes what it found into
# build/X/standards; the tests named by a clause only read it and say so when their gate did not hold or was never looked
# at. test_standards_gates shows every gate the fault it is there for.
set(here ${CMAKE_SOURCE_DIR}/tests/standards)
add_library(standards_kit STATIC ${here}/dump.c ${here}/ledger.c ${here}/report.c
                                 ${here}/gates_layout.c ${here}/gates_frame.c ${here}/motion.c)
target_include_directories(standards_kit PUBLIC ${here})
target_link_libraries(standards_kit PUBLIC quarter_flags screen PkgConfig::jansson)

quarter_test(test_standards_gates SOURCES ${here}/test_gates.c LINK standards_kit TIMEOUT 120 LABELS screen)
target_compile_definitions(test_standards_gates PRIVATE SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_standards_gates assets)

add_library(standards_kiosk STATIC ${here}/kiosk_rig.c ${here}/crawl.c ${here}/matrix.c)
target_link_libraries(standards_kiosk PUBLIC standards_kit kiosk_view site_kit m)

quarter_test(test_standards_matrix SOURCES ${here}/test_matrix.c LINK standards_kiosk TIMEOUT 120)

add_executable(standards ${here}/main.c ${here}/part_kiosk.c ${here}/part_scripts.c ${here}/part_speech.c
                         ${here}/part_display.c ${here}/part_look.c ${here}/part_server.c ${here}/part_sheets.c ${here}/picture.c
                         ${CMAKE_SOURCE_DIR}/tests/unit/display_stage.c)
target_link_libraries(standards PRIVATE standards_kiosk test_kit PkgConfig::SDL2_image kiosk_voice kiosk_input board_view store
                      PkgConfig::libcurl)
target_include_directories(standards PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
target_compile_definitions(standards PRIVATE
  QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter" SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter"
  SITES_DIR="${CMAKE_SOURCE_DIR}/assets/sites" TEST_SITES_DIR="${CMAKE_SOURCE_DIR}/tests/unit/sites"
  GOLDEN_DIR="${CMAKE_SOURCE_DIR}/tests/golden/sheets" STANDARDS_DIR="${CMAKE_BINARY_DIR}/standards"
  QUEUE_SERVER="$<TARGET_FILE:queue-server>")
set_target_properties(standards PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_dependencies(standards assets queue-server)

add_executable(bench-frame ${CMAKE_SOURCE_DIR}/tests/bench/frame.c)
target_link_libraries(bench-frame PRIVATE bench_kit standards_kiosk)
target_compile_definitions(bench-frame PRIVATE SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter"
  SITE_DIR="${CMAKE_SOURCE_DIR}/assets/sites/customer-centre" KIOSK="$<TARGET_FILE:kiosk>")
set_target_properties(bench-frame PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_dependencies(bench-frame assets kiosk queue-server)

# Under sanitizers this takes too long; what it runs is tested there module by module.
if(NOT QUARTER_SANITIZE)
  foreach(part IN ITEMS kiosk crowded display scripts speech server)
    add_test(NAME standards_measure_${part} COMMAND sh -c "$<TARGET_FILE:standards> ${part} || test $? -eq 1"
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(standards_measure_${part} PROPERTIES TIMEOUT 900 FIXTURES_SETUP standards LABELS screen COST 100)
  endforeach()
  file(READ ${here}/ledger.h ledger)
  string(REGEX MATCHALL "X\\([A-Z_]+, \"[^\"]+\"" gates "${ledger}")
  foreach(gate IN LISTS gates)
    string(REGEX REPLACE ".*\"([^\"]+)\"" "\\1" gate "${gate}")
    if(gate MATCHES "^e2e-") # noted, and judged, by tests/e2e
      continue()
    endif()
    add_test(NAME standards_${gate} COMMAND standards verdict ${gate})
    set_tests_properties(standards_${gate} PROPERTIES TIMEOUT 30 FIXTURES_REQUIRED standards LABELS screen)
  endforeach()

  # Each page in each language and theme, as it was when it was looked at; and a page with larger text is another picture.
  add_test(NAME standards_golden COMMAND standards golden)
  add_test(NAME standards_canary_golden COMMAND standards golden --fault shrinks)
  set_tests_properties(standards_golden standards_canary_golden PROPERTIES TIMEOUT 300 LABELS screen)
  set_tests_properties(standards_canary_golden PROPERTIES WILL_FAIL TRUE)

  # Each fault of fault.h is made, and the gate that is there for it must see it (exit 1: it failed; 3: nobody looked).
  file(READ ${here}/fault.h faults)
  string(REGEX MATCHALL "X\\([A-Z]+, \"[^\"]+\", \"[^\"]+\", \"[^\"]+\"" faults "${faults}")
  foreach(fault IN LISTS faults)
    string(REGEX REPLACE "X\\([A-Z]+, \"([^\"]+)\", \"([^\"]+)\", \"([^\"]+)\"" "\\1;\\2;\\3" fault "${fault}")
    list(GET fault 0 name)
    list(GET fault 1 gate)
    list(GET fault 2 part)
    add_test(NAME standards_canary_${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMAND sh -c
      "dir=$(mktemp -d); $<TARGET_FILE:standards> ${part} --fault ${name} --out $dir >/dev/null; $<TARGET_FILE:standards> verdict ${gate} --out $dir | head -n 3; $<TARGET_FILE:standards> verdict ${gate} --out $dir >/dev/null; seen=$?; rm -r $dir; test $seen -eq 1")
    set_tests_properties(standards_canary_${name} PROPERTIES TIMEOUT 300 LABELS screen)
  endforeach()
endif()
