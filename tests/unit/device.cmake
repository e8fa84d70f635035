# What a printer was sent, as a picture: for the end-to-end test too.
add_executable(pwg-to-png ${CMAKE_CURRENT_LIST_DIR}/../e2e/pwg-to-png.c)
target_link_libraries(pwg-to-png PRIVATE quarter_flags print_device print_layout)
set_target_properties(pwg-to-png PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# A receipt printer made of its reference, for whatever goes out as ESC/POS.
add_library(escpos_reader STATIC ${CMAKE_CURRENT_LIST_DIR}/escpos_reader.c)
target_link_libraries(escpos_reader PRIVATE quarter_flags PUBLIC print_job)
target_include_directories(escpos_reader PUBLIC ${CMAKE_CURRENT_LIST_DIR})
add_executable(escpos-to-png ${CMAKE_CURRENT_LIST_DIR}/../e2e/escpos-to-png.c)
target_link_libraries(escpos-to-png PRIVATE quarter_flags test_kit escpos_reader print_device print_layout)
set_target_properties(escpos-to-png PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
quarter_test(test_escpos SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_escpos.c LINK escpos_reader print_device)

quarter_test(test_device SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_device.c LINK print_device)
quarter_test(test_device_peer SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_device_peer.c ${CMAKE_CURRENT_LIST_DIR}/ipp_peer.c
             LINK print_device Threads::Threads)
quarter_test(test_print_faults SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_print_faults.c ${CMAKE_CURRENT_LIST_DIR}/ipp_peer.c
             LINK print_service Threads::Threads TIMEOUT 300)
quarter_test(test_print_service SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_print_service.c
             LINK print_service Threads::Threads)
# The whole program against CUPS's own IPP printer; see tests/e2e/ippeveprinter.sh.
add_library(printer_bed STATIC ${CMAKE_CURRENT_LIST_DIR}/printer_bed.c)
target_link_libraries(printer_bed PUBLIC quarter_flags test_kit PkgConfig::cmocka)
target_compile_definitions(printer_bed PUBLIC
  TICKET_PRINTER="$<TARGET_FILE:ticket-printer>" PRINTER_SCRIPT="${CMAKE_SOURCE_DIR}/tests/e2e/ippeveprinter.sh"
  ASSETS="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(printer_bed ticket-printer assets)
quarter_test(test_printing SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_printing.c
             LINK printer_bed print_layout print_device print_service escpos_reader TIMEOUT 180)
