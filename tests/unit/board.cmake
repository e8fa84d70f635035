quarter_test(test_board SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_board.c LINK board LABELS threads)
quarter_test(test_board_property SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_board_property.c LINK board LABELS threads)
