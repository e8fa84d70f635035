# Tickets as pictures. QUARTER_UPDATE_GOLDEN=1 rewrites tests/golden/ticket-*.png: look at each before you commit it. Every
# service of the example site in every language is left in build/X/pictures/ticket when QUARTER_PICTURES is set.
quarter_test(test_layout SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_layout.c LINK print_layout site TIMEOUT 240)
target_compile_definitions(test_layout PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter"
  SITE="${CMAKE_SOURCE_DIR}/assets/sites/customer-centre" GOLDEN="${CMAKE_SOURCE_DIR}/tests/golden"
  PICTURES="${CMAKE_BINARY_DIR}/pictures/ticket")
add_dependencies(test_layout assets)
