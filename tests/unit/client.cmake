quarter_test(test_client SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_client.c
                                 ${CMAKE_SOURCE_DIR}/tests/unit/fake_server.c
             LINK client TIMEOUT 60 LABELS threads)
quarter_test(test_client_sse SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_client_sse.c LINK client LABELS threads)
quarter_test(test_client_wire SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_client_wire.c LINK client LABELS threads)
quarter_test(test_client_pairing SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/test_client_pairing.c
                                         ${CMAKE_SOURCE_DIR}/tests/unit/fake_server.c ${CMAKE_SOURCE_DIR}/tests/unit/pairing_house.c
                                         ${CMAKE_SOURCE_DIR}/tests/unit/tls_front.c
             LINK client TIMEOUT 180 LABELS threads)
