# The kiosk's line to the printer, with the real programs at its other end; see tests/e2e/ippeveprinter.sh.
quarter_test(test_paper_truth SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_paper_truth.c ${CMAKE_CURRENT_LIST_DIR}/paper_ear.c
             LINK printer_bed kiosk_paper TIMEOUT 300)

# The same through a real print server's raw queue; see tests/e2e/cupsd.sh.
quarter_test(test_print_queue SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_print_queue.c ${CMAKE_CURRENT_LIST_DIR}/paper_ear.c
             LINK printer_bed kiosk_paper print_layout print_device escpos_reader TIMEOUT 180)
target_compile_definitions(test_print_queue PRIVATE CUPS_SCRIPT="${CMAKE_SOURCE_DIR}/tests/e2e/cupsd.sh")
