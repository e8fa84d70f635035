# STANDARDS.md as tests: tests/standards. `standards` measures (kiosk, display, scripts), each writes what it found into
# build/X/standards; the tests named by a clause only read it and say so when their gate did not hold or was never looked
# at. test_standards_gates shows every gate the fault it is there for.
set(here ${CMAKE_SOURCE_DIR}/tests/standards)
add_library(standards_kit STATIC ${here}/dump.c ${here}/ledger.c ${here}/report.c
                                 ${here}/gates_layout.c ${here}/gates_frame.c)
target_include_directories(standards_kit PUBLIC ${here})
target_link_libraries(standards_kit PUBLIC quarter_flags screen PkgConfig::jansson)

quarter_test(test_standards_gates SOURCES ${here}/test_gates.c LINK standards_kit TIMEOUT 120 LABELS screen)
target_compile_definitions(test_standards_gates PRIVATE SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_standards_gates assets)
