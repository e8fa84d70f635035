quarter_test(test_spool SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_spool.c LINK print_job)
quarter_test(test_print_request SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_print_request.c LINK print_job)
