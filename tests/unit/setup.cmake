# The setup pages: their state machine, and their pictures on every screen.
quarter_test(test_setup SOURCES unit/test_setup.c LINK kiosk_setup m)
quarter_test(test_setup_view SOURCES unit/test_setup_view.c LINK kiosk_setup LABELS screen TIMEOUT 240)
target_compile_definitions(test_setup_view PRIVATE SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_setup_view assets)

# The shell round them, on devices that umockdev plays.
pkg_check_modules(umockdev REQUIRED IMPORTED_TARGET umockdev-1.0)
quarter_test(test_app_setup SOURCES unit/test_app_setup.c unit/input_bed.c LINK kiosk_shell PkgConfig::umockdev LABELS screen)
target_compile_definitions(test_app_setup PRIVATE SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter"
  DEVICES_DIR="${CMAKE_SOURCE_DIR}/tests/e2e")
add_dependencies(test_app_setup assets)
set_tests_properties(test_app_setup PROPERTIES
  ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/unit/umockdev.supp")
