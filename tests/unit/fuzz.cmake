# Fuzz targets over what comes from outside: a site's files, bodies of requests, the server's streams and documents, the
# events of touch panels and keyboards, input.conf. Whatever they found is replayed with every build.
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
  quarter_fuzz(fuzz_headers http)
  quarter_fuzz(fuzz_wire client)
  quarter_fuzz(fuzz_evdev kiosk_input)
  quarter_fuzz(fuzz_scanner kiosk_input)
  quarter_fuzz(fuzz_input_conf kiosk_input)
endif()

# quarter_corpus(TARGET LIB FOLDERS...): the target over what is kept, without a fuzzer.
function(quarter_corpus target lib)
  list(TRANSFORM ARGN PREPEND "\"${CMAKE_SOURCE_DIR}/")
  list(TRANSFORM ARGN APPEND "\"")
  list(JOIN ARGN "," folders)
  quarter_test(corpus_${target} SOURCES fuzz/fuzz_${target}.c fuzz/replay.c LINK ${lib})
  target_compile_definitions(corpus_${target} PRIVATE "CORPORA=${folders}")
endfunction()

quarter_corpus(evdev kiosk_input tests/fuzz/corpus/evdev)
quarter_corpus(scanner kiosk_input tests/fuzz/corpus/scanner)
quarter_corpus(input_conf kiosk_input tests/fuzz/corpus/input_conf)
if(TARGET http)
  quarter_corpus(headers http tests/fuzz/corpus/headers)
endif()
quarter_corpus(site site tests/unit/sites assets/sites)
target_link_libraries(corpus_site PRIVATE client)
quarter_corpus(request http tests/fuzz/corpus/request)
