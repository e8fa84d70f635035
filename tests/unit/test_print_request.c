/* What may be on a ticket, and what is refused at the edge. */
#include "printer/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char GOOD[] = "{\"ticket\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"copy\":1,\"language\":"
                           "\"ur\",\"direction\":\"rtl\","
                           "\"centre\":\"Centre\",\"number\":\"H07\",\"service\":\"Housing\","
                           "\"printed_at_local\":\"10:43\","
                           "\"where\":null,\"have_ready\":[\"a letter\",\"a "
                           "card\"],\"ahead\":4,\"wait\":null,\"url\":null}";

static enum status parse_with(const char *change, struct print_request *request, const char **why)
{
    json_t *print = json_loads(GOOD, 0, NULL);
    json_t *other = json_loads(change, JSON_DECODE_ANY, NULL);
    assert_non_null(print);
    assert_non_null(other);
    if (json_is_object(other))
        json_object_update(print, other);
    enum status status = request_parse(json_is_object(other) ? print : other, request, why);
    json_decref(print);
    json_decref(other);
    return status;
}

static void a_whole_request_is_read(void **state)
{
    (void)state;
    struct print_request request;
    const char *why;
    assert_int_equal(parse_with("{}", &request, &why), STATUS_OK);
    assert_string_equal(request.ticket, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    assert_string_equal(request.number, "H07");
    assert_true(request.right_to_left);
    assert_int_equal(request.have_ready_count, 2);
    assert_string_equal(request.have_ready[1], "a card");
    assert_int_equal(request.ahead, 4);
    assert_false(request.has_wait);
    assert_string_equal(request.where, "");
    assert_int_equal(
        parse_with("{\"wait\":{\"low_min\":10,\"high_min\":15},\"ahead\":null}", &request, &why),
        STATUS_OK);
    assert_true(request.has_wait);
    assert_int_equal(request.wait_high_min, 15);
    assert_int_equal(request.ahead, REQUEST_AHEAD_UNKNOWN);
    assert_int_equal(
        parse_with("{\"language\":\"zh-Hant\",\"number\":\"HB104\",\"later\":{}}", &request, &why),
        STATUS_OK);
}

static void what_is_not_valid_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *change, *why;
    } bad[] = {
        {"[]", "an object is expected"},
        {"3", "an object is expected"},
        {"{\"ticket\":null}", "ticket"},
        {"{\"ticket\":\"../../etc/passwd\"}", "ticket"},
        {"{\"ticket\":\"01ARZ3NDEKTSV4RRFFQ69G5FA\"}", "ticket"},
        {"{\"ticket\":\"01ARZ3NDEKTSV4RRFFQ69G5FAU\"}", "ticket"}, /* no U in Crockford's 32 */
        {"{\"ticket\":\"91ARZ3NDEKTSV4RRFFQ69G5FAV\"}", "ticket"}, /* over 128 bits */
        {"{\"copy\":0}", "copy"},
        {"{\"copy\":100}", "copy"},
        {"{\"copy\":1.5}", "copy"},
        {"{\"copy\":\"1\"}", "copy"},
        {"{\"number\":\"\"}", "number"},
        {"{\"number\":\"H07H07H07\"}", "number"},
        {"{\"number\":\"<b>\"}", "number"},
        {"{\"number\":\"HOUS1\"}", "number"},
        {"{\"number\":\"H\"}", "number"},
        {"{\"language\":\"../x\"}", "language"},
        {"{\"language\":\"e\"}", "language"},
        {"{\"language\":\"en-\"}", "language"},
        {"{\"direction\":\"up\"}", "direction"},
        {"{\"direction\":null}", "direction"},
        {"{\"centre\":\"a\\u0007b\"}", "centre"},
        {"{\"centre\":null}", "centre"},
        {"{\"service\":7}", "service"},
        {"{\"have_ready\":[1]}", "have_ready"},
        {"{\"have_ready\":{}}", "have_ready"},
        {"{\"have_ready\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}", "have_ready"},
        {"{\"ahead\":-1}", "ahead"},
        {"{\"ahead\":\"4\"}", "ahead"},
        {"{\"wait\":{\"low_min\":15,\"high_min\":10}}", "wait"},
        {"{\"wait\":5}", "wait"},
        {"{\"wait\":{\"low_min\":1,\"high_min\":999999}}", "wait"},
        {"{\"url\":\"javascript:alert(1)\"}", "url"},
        {"{\"url\":\"https://a b\"}", "url"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct print_request request;
        memset(&request, 0x5a, sizeof(request));
        const char *why = NULL;
        assert_int_equal(parse_with(bad[i].change, &request, &why), STATUS_INVALID);
        assert_string_equal(why, bad[i].why);
        assert_int_equal((unsigned char)request.ticket[0], 0x5a); /* set only on OK */
    }
}

static void a_text_that_would_be_cut_is_refused(void **state)
{
    (void)state;
    char text[REQUEST_TEXT_BYTES + 1];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    json_t *print = json_loads(GOOD, 0, NULL);
    struct print_request request;
    const char *why;
    json_object_set_new(print, "service", json_string(text));
    assert_int_equal(request_parse(print, &request, &why), STATUS_INVALID);
    json_object_set_new(print, "service", json_string(text + 1));
    assert_int_equal(request_parse(print, &request, &why), STATUS_OK);
    json_decref(print);
}

static void each_kind_asks_for_its_own_words(void **state)
{
    (void)state;
    static const char FRAME[] = "\"ticket\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"copy\":3,"
                                "\"language\":\"gu\",\"direction\":\"ltr\",\"centre\":\"C\","
                                "\"printed_at_local\":\"10:43\"";
    static const struct {
        const char *words, *why; /* why: NULL when it is right */
        enum request_kind kind;
    } rows[] = {
        {"\"number\":\"H07\",\"service\":\"S\"", NULL, REQUEST_TICKET},
        {"\"kind\":\"ticket\",\"number\":\"H07\",\"service\":\"S\"", NULL, REQUEST_TICKET},
        {"\"kind\":\"ticket\",\"service\":\"S\"", "number", 0},
        {"\"kind\":\"signpost\",\"title\":\"T\",\"text\":\"Go.\"", NULL, REQUEST_SIGNPOST},
        {"\"kind\":\"signpost\",\"title\":\"T\",\"text\":\"Go.\",\"url\":\"https://x.uk\"", NULL,
         REQUEST_SIGNPOST},
        {"\"kind\":\"signpost\",\"title\":\"T\",\"text\":\"Go.\",\"url\":\"javascript:1\"", "url",
         0},
        {"\"kind\":\"signpost\",\"title\":\"T\"", "text", 0},
        {"\"kind\":\"signpost\",\"text\":\"Go.\"", "title", 0},
        {"\"kind\":\"test\",\"languages\":[\"en\",\"zh-Hant\"]", NULL, REQUEST_TEST},
        {"\"kind\":\"test\",\"languages\":[]", NULL, REQUEST_TEST},
        {"\"kind\":\"test\"", "languages", 0},
        {"\"kind\":\"test\",\"languages\":[\"../x\"]", "languages", 0},
        {"\"kind\":\"test\",\"languages\":[7]", "languages", 0},
        {"\"kind\":\"test\",\"languages\":[\"aa\",\"aa\",\"aa\",\"aa\",\"aa\",\"aa\",\"aa\",\"aa\","
         "\"aa\",\"aa\",\"aa\",\"aa\",\"aa\",\"aa\",\"aa\",\"aa\",\"aa\"]",
         "languages", 0},
        {"\"kind\":\"poster\"", "kind", 0},
        {"\"kind\":4", "kind", 0},
    };
    struct print_request *request = malloc(sizeof(*request));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[1024];
        snprintf(text, sizeof(text), "{%s,%s}", FRAME, rows[i].words);
        json_t *print = json_loads(text, 0, NULL);
        assert_non_null(print);
        const char *why = NULL;
        enum status status = request_parse(print, request, &why);
        json_decref(print);
        assert_int_equal(status == STATUS_OK, rows[i].why == NULL);
        if (rows[i].why) {
            assert_string_equal(why, rows[i].why);
            continue;
        }
        assert_int_equal(request->kind, rows[i].kind);
        assert_int_equal(request->copy, 3);
    }
    free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_request_is_read),
        cmocka_unit_test(what_is_not_valid_is_named),
        cmocka_unit_test(each_kind_asks_for_its_own_words),
        cmocka_unit_test(a_text_that_would_be_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
