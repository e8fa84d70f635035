# What is heard: sounds land in a file and are measured there.
quarter_test(test_sound SOURCES unit/test_sound.c unit/sound_kit.c LINK speech m LABELS threads)
