# The site: golden listings of errors, hours and zones, the public interface, and files mutated at random.
quarter_test(test_site SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site.c LINK site LABELS site)
quarter_test(test_site_check SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_check.c LINK site LABELS site)
quarter_test(test_site_clients SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_clients.c LINK site client LABELS site)
quarter_test(test_site_hours SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_hours.c LINK site LABELS site)
quarter_test(test_site_mutations SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_mutations.c LINK site LABELS site TIMEOUT 300)

option(QUARTER_FUZZ "Build the fuzz targets (needs clang)" OFF)
if(QUARTER_FUZZ AND CMAKE_C_COMPILER_ID MATCHES "Clang")
  add_executable(fuzz_site ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_site.c)
  target_compile_options(site PRIVATE -fsanitize=fuzzer-no-link) # else the fuzzer does not see where it gets to
  target_compile_options(fuzz_site PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz_site PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz_site PRIVATE site)
endif()
