# The setup pages: their state machine, and their pictures on every screen.
quarter_test(test_setup SOURCES unit/test_setup.c LINK kiosk_setup m)
quarter_test(test_setup_view SOURCES unit/test_setup_view.c LINK kiosk_setup LABELS screen TIMEOUT 240)
target_compile_definitions(test_setup_view PRIVATE SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_setup_view assets)
