# The pages on the example site, as the server would send it. QUARTER_UPDATE_GOLDEN=1 writes the golden pictures anew;
# QUARTER_PICTURES=DIR writes a picture of every scene in every language, upright and wide, to look at.
foreach(test IN ITEMS test_kiosk_view test_kiosk_golden)
  quarter_test(${test} SOURCES unit/${test}.c unit/kiosk_scenes.c LINK kiosk_view site_kit PkgConfig::SDL2_image TIMEOUT 300)
  add_dependencies(${test} assets)
  target_compile_definitions(${test} PRIVATE
    SITE_DIR="${CMAKE_SOURCE_DIR}/assets/sites/customer-centre"
    SHARE_DIR="${CMAKE_BINARY_DIR}/share/quarter"
    GOLDEN_DIR="${CMAKE_SOURCE_DIR}/tests/golden")
endforeach()

quarter_test(test_kiosk_paper SOURCES unit/test_kiosk_paper.c LINK kiosk_shell)
foreach(test IN ITEMS test_kiosk_press test_kiosk_answers)
  quarter_test(${test} SOURCES unit/${test}.c LINK kiosk_shell)
endforeach()

# What people type: letters, keyboards, the search by name.
quarter_test(test_kiosk_find SOURCES unit/test_kiosk_find.c LINK kiosk_letters site_kit)
target_compile_definitions(test_kiosk_find PRIVATE SITE_DIR="${CMAKE_SOURCE_DIR}/assets/sites/customer-centre")
