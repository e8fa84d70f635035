# The words of nine languages and the reader of their files.
quarter_test(test_catalogue SOURCES unit/test_catalogue.c LINK catalogue)
target_compile_definitions(test_catalogue PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_catalogue assets)

# Every string in the sources has a translation in every .po file, none fuzzy, with the same {places}.
find_program(SH sh REQUIRED)
add_test(NAME test_words COMMAND ${SH} ${CMAKE_CURRENT_SOURCE_DIR}/check-words.sh WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(test_words PROPERTIES TIMEOUT 60)
