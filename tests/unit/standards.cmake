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

add_executable(standards ${here}/main.c ${here}/kiosk_rig.c ${here}/crawl.c ${here}/matrix.c ${here}/part_kiosk.c ${here}/part_scripts.c ${here}/part_speech.c
                         ${here}/part_display.c ${here}/part_look.c ${here}/part_sheets.c ${CMAKE_SOURCE_DIR}/tests/unit/display_stage.c)
target_link_libraries(standards PRIVATE standards_kit PkgConfig::SDL2_image kiosk_view kiosk_voice kiosk_input board_view site m)
target_include_directories(standards PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
target_compile_definitions(standards PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter" SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter"
  SITES_DIR="${CMAKE_SOURCE_DIR}/assets/sites" STANDARDS_SITES="${here}/sites"
  STANDARDS_DIR="${CMAKE_BINARY_DIR}/standards")
set_target_properties(standards PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
add_dependencies(standards assets)
