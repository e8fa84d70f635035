# Reads the display's audio dump for the end-to-end tests.
add_executable(find-chime e2e/find-chime.c)
target_link_libraries(find-chime PRIVATE speech)
set_target_properties(find-chime PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
