/* libFuzzer over what a kiosk and a display read: the whole input as a stream of events, fed in pieces whose size the first
 * byte chooses, whose data goes to the readers of views and beats; and once more, as a whole, to all readers of documents.
 * Build with -DQUARTER_FUZZ=ON and clang; start it on a folder of streams and documents:
 *
 *   fuzz_wire -max_len=65536 CORPUS */
#include <stdint.h>
#include <string.h>

#include "client/sse.h"
#include "client/wire.h"
#include "quarter/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_all(const char *json, size_t length)
{
    static struct board_view view; /* too large for a stack */
    struct ticket_receipt receipt;
    struct issue_refusal refusal;
    int64_t now_ms = 0;
    if (wire_read_board(json, length, 1, &view) == STATUS_OK) {
        CHECK(view.call_count >= 0 && view.call_count <= WIRE_CALLS_MAX);
        CHECK(view.service_count >= 0 && view.service_count <= QUARTER_SERVICES_MAX);
        for (int i = 0; i < view.notice_count; i++) {
            CHECK(board_notice_text(&view.notices[i], "ur") != NULL);
        }
    }
    (void)wire_read_beat(json, length, &now_ms);
    if (wire_read_receipt(json, length, &receipt) == STATUS_OK) {
        CHECK(receipt.number[0] != '\0' && strlen(receipt.url) <= WIRE_URL_BYTES);
    }
    wire_read_problem(json, length, &refusal);
    CHECK(strlen(refusal.detail) <= WIRE_SENTENCE_BYTES);
}

static enum status take_event(void *context, const char *type, const char *data, size_t length)
{
    (void)context;
    CHECK(type[0] != '\0' && data[length] == '\0');
    read_all(data, length);
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    const size_t piece = (size_t)bytes[0] + 1;
    const char *text = (const char *)bytes + 1;
    struct sse *sse = sse_create(16384, take_event, NULL);
    CHECK(sse != NULL);
    enum status status = STATUS_OK;
    for (size_t at = 0; at < length - 1 && status == STATUS_OK; at += piece) {
        const size_t rest = length - 1 - at;
        status = sse_feed(sse, text + at, rest < piece ? rest : piece);
    }
    sse_destroy(sse);
    read_all(text, length - 1);
    return 0;
}
