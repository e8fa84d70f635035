# Who may do what. Passwords are hashed in no time here, but where their cost is the matter.
add_library(people_kit STATIC unit/test_people_kit.c)
target_include_directories(people_kit PUBLIC unit)
target_link_libraries(people_kit PUBLIC quarter_flags test_kit people)
foreach(part IN ITEMS texts lockout sessions persons devices audit)
  quarter_test(test_people_${part} SOURCES unit/test_people_${part}.c LINK people_kit)
endforeach()
# Measures, so nothing runs beside it; of one thread alone.
quarter_test(test_people_timing SOURCES unit/test_people_timing.c LINK people_kit LABELS alone)
set_tests_properties(test_people_timing PROPERTIES RUN_SERIAL ON)
quarter_test(test_people_threads SOURCES unit/test_people_threads.c LINK people_kit Threads::Threads)
quarter_test(test_people_power SOURCES unit/test_people_power.c LINK people_kit forgetful TIMEOUT 240 LABELS alone)

if(QUARTER_FUZZ AND CMAKE_C_COMPILER_ID MATCHES "Clang")
  quarter_fuzz(fuzz_tokens people)
endif()
quarter_corpus(tokens people tests/fuzz/corpus/tokens)
