# The lobby's pages in nine languages, on the example site's words. QUARTER_PICTURES=1 keeps pictures of all of them in
# build/X/pictures/display.
# QUARTER_UPDATE_GOLDEN=1 rewrites tests/golden/display-*.png: look at each before you commit it.
quarter_test(test_display_view SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_display_view.c
                                       ${CMAKE_SOURCE_DIR}/tests/unit/display_stage.c
             LINK board_view site_kit TIMEOUT 240)
target_compile_definitions(test_display_view PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter"
  PICTURES="${CMAKE_BINARY_DIR}/pictures/display")
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/pictures/display)
add_dependencies(test_display_view assets)
