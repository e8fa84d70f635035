# The journal. `forgetful` is a disk in memory that forgets what was not synced, and fails on demand.
add_library(forgetful STATIC unit/forgetful_vfs.c unit/store_kit.c unit/store_script.c)
target_include_directories(forgetful PUBLIC unit)
target_link_libraries(forgetful PUBLIC quarter_flags test_kit store)
# The sweeps take half a minute under the sanitizers on a quiet machine.
foreach(part IN ITEMS journal rows private readers power faults model migration)
  quarter_test(test_store_${part} SOURCES unit/test_store_${part}.c LINK forgetful Threads::Threads TIMEOUT 240)
endforeach()
