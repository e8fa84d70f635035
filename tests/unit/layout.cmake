# Slips as pictures. QUARTER_UPDATE_GOLDEN=1 rewrites tests/golden/{ticket,slip}-*.png: look at each before you commit it. Every
# service of the example site in every language is left in build/X/pictures/ticket when QUARTER_PICTURES is set. test_slips
# looks at what a receipt printer makes of the ESC/POS.
foreach(test IN ITEMS test_layout test_slips)
  quarter_test(${test} SOURCES ${CMAKE_CURRENT_LIST_DIR}/${test}.c ${CMAKE_CURRENT_LIST_DIR}/slip_scenes.c
               LINK print_layout print_device escpos_reader site TIMEOUT 240)
  target_compile_definitions(${test} PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter"
    SITE="${CMAKE_SOURCE_DIR}/assets/sites/customer-centre" GOLDEN="${CMAKE_SOURCE_DIR}/tests/golden"
    PICTURES="${CMAKE_BINARY_DIR}/pictures/ticket")
  add_dependencies(${test} assets)
endforeach()
