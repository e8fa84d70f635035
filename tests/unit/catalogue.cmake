# The words of nine languages and the reader of their files.
quarter_test(test_catalogue SOURCES unit/test_catalogue.c LINK catalogue)
target_compile_definitions(test_catalogue PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_catalogue assets)

# Every string in the sources has a translation in every .po file, none fuzzy, with the same {places}.
find_program(SH sh REQUIRED)
add_test(NAME test_words COMMAND ${SH} ${CMAKE_CURRENT_SOURCE_DIR}/check-words.sh WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(test_words PROPERTIES TIMEOUT 60)

# And that check can fail: one word of the Polish file taken away.
file(READ ${CMAKE_SOURCE_DIR}/assets/locale/pl.po polish)
string(REPLACE "msgstr \"Pomoc\"" "msgstr \"\"" polish "${polish}")
file(WRITE ${CMAKE_BINARY_DIR}/broken-words/pl.po "${polish}")
add_test(NAME test_words_can_fail
  COMMAND ${SH} ${CMAKE_CURRENT_SOURCE_DIR}/check-words.sh ${CMAKE_BINARY_DIR}/broken-words
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(test_words_can_fail PROPERTIES TIMEOUT 60 WILL_FAIL TRUE)
