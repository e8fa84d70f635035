/* Interface words for the pages. See words.h. */
#include "http/words.h"

#include "display/screen/catalogue.h"
#include "http/json_out.h"
#include "quarter/log.h"

char *words_json(const char *assets_dir, const char *language)
{
    struct json_out out = {0};
    struct catalogue *catalogue = NULL;
    char error[256] = "";
    const enum status status =
        catalogue_open(assets_dir, language, &catalogue, error, sizeof(error));
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        log_warning("words", "%s", error);
    }
    json_out_open(&out, '{');
    const size_t count = status == STATUS_OK ? catalogue_count(catalogue) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct catalogue_message message = catalogue_message(catalogue, i);
        if (message.plural_id == NULL) {
            json_out_string(&out, message.id);
            json_out_text(&out, ":");
            out.comma = false;
            json_out_string(&out, message.text);
        }
    }
    json_out_close(&out, '}');
    catalogue_destroy(catalogue);
    return json_out_take(&out);
}
