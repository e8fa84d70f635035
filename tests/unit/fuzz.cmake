# Fuzz targets over what comes from outside: a site's files, bodies of requests, the server's streams and documents.
option(QUARTER_FUZZ "Build the fuzz targets (needs clang)" OFF)

# The modules under test are compiled for the fuzzer as well: else it does not see where it gets to.
function(quarter_fuzz name)
  target_compile_options(${ARGV1} PRIVATE -fsanitize=fuzzer-no-link)
  add_executable(${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.c)
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${ARGV1})
endfunction()

if(QUARTER_FUZZ AND CMAKE_C_COMPILER_ID MATCHES "Clang")
  quarter_fuzz(fuzz_site site)
  target_link_libraries(fuzz_site PRIVATE client)
  quarter_fuzz(fuzz_request http)
  quarter_fuzz(fuzz_wire client)
endif()
