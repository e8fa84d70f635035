# What is heard: sounds land in a file and are measured there.
quarter_test(test_sound SOURCES unit/test_sound.c unit/sound_kit.c LINK speech m LABELS threads)

add_executable(fake-voice unit/fake_voice.c)
target_link_libraries(fake-voice PRIVATE quarter_flags test_kit m)
set_target_properties(fake-voice PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
quarter_test(test_speech SOURCES unit/test_speech.c unit/sound_kit.c LINK speech m LABELS threads TIMEOUT 180)
target_compile_definitions(test_speech PRIVATE FAKE_VOICE="${CMAKE_BINARY_DIR}/tests/fake-voice")
add_dependencies(test_speech fake-voice)
quarter_test(test_speech_text SOURCES unit/test_speech_text.c LINK speech LABELS threads)

quarter_test(test_narration SOURCES unit/test_narration.c LINK kiosk_voice)
target_compile_definitions(test_narration PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter")
add_dependencies(test_narration assets)
quarter_test(test_announcer SOURCES unit/test_announcer.c unit/sound_kit.c LINK display_app site_kit PkgConfig::jansson m)
target_compile_definitions(test_announcer PRIVATE QUARTER_SHARE="${CMAKE_BINARY_DIR}/share/quarter"
  FAKE_VOICE="${CMAKE_BINARY_DIR}/tests/fake-voice")
add_dependencies(test_announcer assets fake-voice)

# Finds what was said in a recording, for the end-to-end tests.
add_executable(find-speech e2e/find-speech.c)
target_link_libraries(find-speech PRIVATE speech m)
set_target_properties(find-speech PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
