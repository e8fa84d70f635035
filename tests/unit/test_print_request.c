/* What may be on a ticket, and what is refused at the edge. */
#include "printer/request.h"

#include <setjmp.h>
#include <stdarg.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_request_is_read),
        cmocka_unit_test(what_is_not_valid_is_named),
        cmocka_unit_test(a_text_that_would_be_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
