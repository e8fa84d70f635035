# The site: golden listings of errors, hours and zones, the public interface, and files mutated at random.
quarter_test(test_site SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site.c LINK site LABELS site)
quarter_test(test_site_check SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_check.c LINK site LABELS site)
quarter_test(test_site_clients SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_clients.c LINK site client LABELS site)
quarter_test(test_site_hours SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_hours.c LINK site LABELS site)
quarter_test(test_site_rota SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_rota.c LINK site LABELS site)
quarter_test(test_site_triage SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_triage.c LINK site client LABELS site)
quarter_test(test_site_mutations SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_site_mutations.c LINK site client LABELS site TIMEOUT 600)

# What clients get of a site's folder, for their tests.
add_library(site_kit STATIC ${CMAKE_CURRENT_LIST_DIR}/site_kit.c)
target_include_directories(site_kit PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(site_kit PUBLIC quarter_flags site client)
