/* Documents as the server writes them, for the client's and the display's tests. */
#ifndef QUARTER_TESTS_CLIENT_SAMPLES_H
#define QUARTER_TESTS_CLIENT_SAMPLES_H

static const char sample_site[] =
    "{\"hash\":\"aaaa1111\",\"site\":\"customer-centre\",\"name\":{\"en\":\"Customer Service "
    "Centre\"},"
    "\"zone\":\"Europe/London\",\"languages\":["
    "{\"code\":\"en\",\"name\":\"English\",\"direction\":\"ltr\",\"draft\":false},"
    "{\"code\":\"ur\",\"name\":\"اردو\",\"direction\":\"rtl\",\"draft\":true}],"
    "\"groups\":[{\"code\":\"housing\",\"name\":{\"en\":\"Housing\",\"ur\":\"رہائش\"},\"hint\":{},"
    "\"services\":[\"housing_options\",\"repairs\"]}],"
    "\"services\":[{\"code\":\"housing_options\",\"prefix\":\"H\",\"area\":\"blue\","
    "\"name\":{\"en\":\"Housing options\",\"ur\":\"رہائش کے "
    "اختیارات\"},\"hint\":{\"en\":\"Homes\"},"
    "\"have_ready\":{\"en\":[\"ID\",\"Tenancy\"],\"ur\":[\"شناخت\"]}},"
    "{\"code\":\"repairs\",\"prefix\":\"R\",\"area\":null,\"name\":{\"en\":\"Repairs\"},\"hint\":{}"
    ","
    "\"have_ready\":{}}],"
    "\"areas\":[{\"code\":\"blue\",\"name\":{\"en\":\"Blue area\"}}],"
    "\"needs\":[{\"code\":\"interpreter\",\"hard\":true}],"
    "\"counters\":[{\"code\":\"3\",\"kind\":\"counter\",\"name\":{\"en\":\"Counter "
    "3\",\"ur\":\"کاؤنٹر 3\"},"
    "\"services\":[\"repairs\"],\"languages\":[\"en\"]}],"
    "\"hours\":{\"mon\":{\"open\":\"09:00\",\"doors\":\"16:45\",\"close\":\"17:00\"},\"sun\":null},"
    "\"closures\":[\"2026-12-25\"],\"standard\":{\"wait_min\":15,\"share\":0.9},"
    "\"contact\":{\"phone\":\"01632 960100\",\"web\":\"www.example.gov.uk\"},"
    "\"theme\":{\"brand\":\"#0b4f6c\"},\"kiosks\":[{\"code\":\"kiosk-1\",\"orientation\":"
    "\"portrait\"}],"
    "\"displays\":[{\"code\":\"lobby\",\"theme\":\"dark\"}],\"public_url\":null,\"later\":[1,2]}";

static const char sample_board[] =
    "{\"version\":12,\"now\":\"2026-11-24T10:42:07.123Z\",\"utc_offset_s\":0,\"day\":\"2026-11-"
    "24\","
    "\"open\":true,\"next_open\":null,\"site_hash\":\"aaaa1111\",\"announcement\":41,"
    "\"calls\":[{\"announcement\":41,\"ticket\":\"01J00000000000000000000041\",\"number\":\"H07\","
    "\"counter\":\"3\",\"language\":\"ur\",\"called_at\":\"2026-11-24T10:42:05.000Z\",\"recalls\":"
    "1}],"
    "\"services\":[{\"service\":\"housing_options\",\"waiting\":4,\"ahead\":3,\"wait\":null,"
    "\"waits_by_need\":{}},"
    "{\"service\":\"repairs\",\"waiting\":2,\"ahead\":2,"
    "\"wait\":{\"p20_s\":660,\"p50_s\":960,\"p90_s\":1300,\"low_min\":10,\"high_min\":25,"
    "\"within_share\":0.41,\"as_of\":\"2026-11-24T10:42:00.000Z\"},"
    "\"delayed\":{\"since\":\"2026-11-24T10:40:00.000Z\",\"low_min\":15,\"high_min\":30},"
    "\"waits_by_need\":{\"bsl\":{\"p20_s\":900,\"p50_s\":1200,\"p90_s\":2400,\"low_min\":15,"
    "\"high_min\":40},\"private_room\":null}}],\"help\":{\"since\":\"2026-11-24T10:41:00.000Z\","
    "\"answered_at\":null},"
    "\"notices\":[{\"text\":{\"en\":\"Housing takes longer\",\"ur\":\"زیادہ وقت\"}}],\"later\":{}}";

static const char sample_ticket[] =
    "{\"id\":\"01J00000000000000000000007\",\"number\":\"H07\",\"service\":\"housing_options\","
    "\"language\":\"ur\",\"needs\":[],\"state\":\"waiting\",\"ahead\":3,\"wait\":null,"
    "\"issued_at\":\"2026-11-24T10:42:07.500Z\",\"url\":null,\"nobody_serves\":false}";

#endif
