# The injector and the device tests play a touchscreen through umockdev; the tests start themselves again under its
# preload library, so that they run from the shell as they run under ctest.
pkg_check_modules(umockdev REQUIRED IMPORTED_TARGET umockdev-1.0)

quarter_test(test_input SOURCES unit/test_input.c LINK kiosk_input m)
quarter_test(test_input_keys SOURCES unit/test_input_keys.c LINK kiosk_input)
quarter_test(test_input_scanner SOURCES unit/test_input_scanner.c LINK kiosk_input)
foreach(test IN ITEMS test_input_devices test_input_gadgets)
  quarter_test(${test} SOURCES unit/${test}.c unit/input_bed.c LINK kiosk_input PkgConfig::umockdev)
  target_compile_definitions(${test} PRIVATE DEVICES_DIR="${CMAKE_SOURCE_DIR}/tests/e2e")
  set_tests_properties(${test} PROPERTIES
    ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/unit/umockdev.supp")
endforeach()

add_executable(touch-injector e2e/touch-injector.c)
target_link_libraries(touch-injector PRIVATE quarter_flags test_kit PkgConfig::umockdev PkgConfig::jansson PkgConfig::libevdev)
set_target_properties(touch-injector PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
