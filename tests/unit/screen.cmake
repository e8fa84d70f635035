# The UI kit. Pictures of every page, language and theme are left in build/X/pictures/screen to be looked at.
foreach(part IN ITEMS text canvas page window)
  set(extra)
  if(part STREQUAL page)
    set(extra unit/screen_pages.c)
  endif()
  quarter_test(test_screen_${part} SOURCES unit/test_screen_${part}.c ${extra} LINK screen TIMEOUT 120)
  target_include_directories(test_screen_${part} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(test_screen_${part} PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter"
    PICTURES="${CMAKE_BINARY_DIR}/pictures/screen" GOLDEN="${CMAKE_CURRENT_SOURCE_DIR}/golden/screen")
  add_dependencies(test_screen_${part} assets)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/pictures/screen)
endforeach()

quarter_test(test_unnamed SOURCES unit/test_unnamed.c LINK screen TIMEOUT 120)
target_compile_definitions(test_unnamed PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_unnamed assets)

quarter_test(test_pairing_page SOURCES unit/test_pairing_page.c LINK screen TIMEOUT 120)
target_compile_definitions(test_pairing_page PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter"
  PICTURES="${CMAKE_BINARY_DIR}/pictures/screen")
add_dependencies(test_pairing_page assets)
