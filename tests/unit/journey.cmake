quarter_test(test_journey SOURCES unit/test_journey.c LINK journey)
