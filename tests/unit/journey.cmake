foreach(test IN ITEMS journey journey_triage journey_ease)
  quarter_test(test_${test} SOURCES unit/test_${test}.c unit/journey_kit.c LINK journey)
endforeach()
