/* Puts layout and service together; see program.h. */
#include "printer/program.h"

#include "display/screen/assets.h"
#include "printer/device/ability.h"
#include "printer/device/ipp.h"
#include "printer/layout/layout.h"
#include "printer/layout/page_png.h"
#include "printer/service.h"
#include "quarter/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

const char PROGRAM_HELP[] =
    "Usage: ticket-printer --printer URI --socket PATH --spool DIR [OPTION]...\n"
    "       ticket-printer --layout-only REQUEST.json OUT.png [OPTION]...\n"
    "Prints the tickets that kiosks ask for.\n\n"
    "  --printer URI    ipp://HOST[:PORT]/ipp/print or ipps://...\n"
    "  --socket PATH    where kiosks connect; made with mode 0600\n"
    "  --spool DIR      jobs, one file a ticket and copy; made when missing\n"
    "  --format F       auto (default: what the printer offers), pwg (PWG raster) or escpos\n"
    "                   (ESC/POS; through a raw CUPS queue nobody can tell if there is paper)\n"
    "  --width-mm N     paper width, 50 to 120 (default: 80); 58 is the other usual one\n"
    "  --dpi N          of an ESC/POS printer's head, 100 to 300 (default: 203)\n"
    "  --assets DIR     locale/ and the like (default: $QUARTER_ASSETS, else ../share/quarter)\n"
    "  --layout-only    draw the slip of a request as a picture, print nothing. The request is "
    "what\n"
    "                   kiosks send, here in a file:\n"
    "                     {\"print\": {\"ticket\": \"01JDBQ2R9S5T8VWXYZ01234567\", \"copy\": 1,\n"
    "                      \"language\": \"en\", \"direction\": \"ltr\", \"centre\": \"Town "
    "Hall\",\n"
    "                      \"printed_at_local\": \"Tuesday 24 November, 10:43\", \"number\": "
    "\"H07\",\n"
    "                      \"service\": \"Housing\", \"where\": \"blue area\", \"have_ready\": "
    "[\"Your letter\"],\n"
    "                      \"ahead\": 4, \"wait\": {\"low_min\": 10, \"high_min\": 15}, \"url\": "
    "null}}\n"
    "                   where, wait and url may be null. With \"kind\": \"signpost\" it has title, "
    "text\n"
    "                   and url instead of what comes after the time; with \"test\", languages.\n"
    "  --help, --version\n\n"
    "Exit codes: 0 fine, 1 failed, 2 wrong usage, 78 bad configuration.\n";

static int open_layout(const struct program_options *options, struct ticket_layout **layout);
static enum status draw(void *context, const struct print_request *request, int width_px, int dpi,
                        struct page **page);
static int read_request(const char *path, struct print_request *request);

int program_serve(const struct program_options *options)
{
    struct ipp_target target;
    if (ipp_target_parse(options->printer, &target) != STATUS_OK) {
        fprintf(stderr,
                "ticket-printer: \"%s\" is not a printer's address, such as "
                "ipp://localhost:631/ipp/print\n",
                options->printer);
        return EX_CONFIG;
    }
    struct ticket_layout *layout;
    int result = open_layout(options, &layout);
    if (result != EXIT_SUCCESS)
        return result;
    /* Blocked before the device starts its thread, which inherits this: only the loop sees them. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    int stop = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    if (stop < 0) {
        log_error("printer", "signalfd: %s", strerrordesc_np(errno));
        layout_destroy(layout);
        return EXIT_FAILURE;
    }
    const struct service_config config = {
        .socket_path = options->socket,
        .spool_folder = options->spool,
        .printer_uri = options->printer,
        .wish = options->wish,
        .stop_fd = stop,
        .draw = draw,
        .draw_context = layout,
    };
    enum status status = service_run(&config);
    close(stop);
    layout_destroy(layout);
    if (status == STATUS_INVALID)
        return EX_CONFIG;
    return status == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int program_layout_only(const struct program_options *options)
{
    struct print_request *request = calloc(1, sizeof(*request));
    struct ticket_layout *layout = NULL;
    struct page *page = NULL;
    int result = request ? read_request(options->request_path, request) : EXIT_FAILURE;
    if (result == EXIT_SUCCESS)
        result = open_layout(options, &layout);
    if (result == EXIT_SUCCESS) {
        int dpi = options->wish.escpos_dpi;
        int width_px = ability_dots(options->wish.paper_width_mm, dpi);
        enum status status = layout_draw(layout, request, width_px, dpi, &page, NULL);
        if (status == STATUS_OK)
            status = page_save_png(page, options->picture_path);
        if (status != STATUS_OK) {
            fprintf(stderr, "ticket-printer: %s: %s\n", options->picture_path, status_text(status));
            result = EXIT_FAILURE;
        }
    }
    page_destroy(page);
    layout_destroy(layout);
    free(request);
    return result;
}

static int open_layout(const struct program_options *options, struct ticket_layout **layout)
{
    char assets[4096];
    if (assets_find(options->assets, assets, sizeof(assets)) != STATUS_OK) {
        fprintf(stderr, "ticket-printer: no assets in \"%s\"; name them with --assets DIR\n",
                assets);
        return EX_CONFIG;
    }
    char error[512] = "";
    enum status status = layout_create(assets, error, sizeof(error), layout);
    if (status != STATUS_OK) {
        fprintf(stderr, "ticket-printer: %s\n", error[0] ? error : status_text(status));
        return EX_CONFIG;
    }
    return EXIT_SUCCESS;
}

static enum status draw(void *context, const struct print_request *request, int width_px, int dpi,
                        struct page **page)
{
    struct layout_report report;
    enum status status = layout_draw(context, request, width_px, dpi, page, &report);
    if (status == STATUS_OK && report.misfits)
        log_warning("printer", "texts cut on the ticket: ticket=%s texts=%d", request->ticket,
                    report.misfits);
    return status;
}

/* The same document as on the socket: {"print":{...}}. */
static int read_request(const char *path, struct print_request *request)
{
    json_error_t error;
    json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!document) {
        fprintf(stderr, "ticket-printer: %s:%d:%d: %s\n", path, error.line, error.column,
                error.text);
        return EXIT_FAILURE;
    }
    const json_t *print = json_object_get(document, "print");
    const char *why;
    enum status status = request_parse(print ? print : document, request, &why);
    json_decref(document);
    if (status != STATUS_OK) {
        fprintf(stderr, "ticket-printer: %s: \"%s\" is missing or not valid\n", path, why);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
