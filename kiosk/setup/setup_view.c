/* The setup pages' pictures; see setup_view.h. A page is a column of texts and a column of buttons: under each
 * other on an upright screen, side by side on a wide one. */
#include "setup/setup_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    TEXT_BYTES = 1024,
    ID_BYTES = 32,
    BUTTON_UPRIGHT = 150,
    BUTTON_WIDE = 128,
    WORD_MOST = 20,
    CROSS_ARM = 64,
    CROSS_LINE = 8,
    RING = 96,
    COUNT_FROM_S = 20, /* the seconds that are left are shown from then on */
};

static const double tightest = 0.65;

struct sheet {
    const struct setup *s;
    const struct setup_picture *picture;
    const struct ui_kit *kit;
    struct ui *ui;
    double scale;
    double tight; /* of the texts: 1 unless they do not fit */
    bool wide;
    struct rect texts; /* what is left for them */
    int texts_made;
};

static int px(const struct sheet *sheet, int nominal)
{
    return (int)lround(nominal * sheet->scale);
}

static int text_px(const struct sheet *sheet, int nominal)
{
    return (int)lround(nominal * sheet->scale * sheet->tight);
}

/* ---- parts -------------------------------------------------------------------------------------- */

static void add_text(struct sheet *sheet, struct ui_element element)
{
    element.rect = sheet->texts;
    element.rect.h = ui_wanted_height(sheet->kit, ui_page(sheet->ui), &element);
    ui_add(sheet->ui, &element);
    int used = element.rect.h + text_px(sheet, SPACE_GAP);
    sheet->texts.y += used;
    sheet->texts.h -= used;
}

static void heading(struct sheet *sheet, const char *text)
{
    add_text(sheet, (struct ui_element){.id = "heading",
                                        .role = UI_HEADING,
                                        .text = text,
                                        .size_px = text_px(sheet, TYPE_KIOSK_TITLE),
                                        .weight = TEXT_BOLD});
}

static void line(struct sheet *sheet, const char *text)
{
    char id[ID_BYTES];
    snprintf(id, sizeof id, "text-%d", ++sheet->texts_made);
    add_text(sheet, (struct ui_element){.id = id,
                                        .role = UI_TEXT,
                                        .text = text,
                                        .size_px = text_px(sheet, TYPE_KIOSK_SMALL)});
}

static void card(struct sheet *sheet, const char *id, const char *text)
{
    add_text(sheet, (struct ui_element){.id = id,
                                        .role = UI_CARD,
                                        .text = text,
                                        .size_px = text_px(sheet, TYPE_KIOSK_SMALL),
                                        .padding_px = text_px(sheet, 32),
                                        .fill = TOKEN_CARD,
                                        .border = TOKEN_LINE,
                                        .radius = text_px(sheet, CORNER_RADIUS)});
}

static void note(struct sheet *sheet, const char *text)
{
    add_text(sheet, (struct ui_element){.id = "note",
                                        .role = UI_ALERT,
                                        .text = text,
                                        .size_px = text_px(sheet, TYPE_KIOSK_SMALL),
                                        .padding_px = text_px(sheet, 32),
                                        .fill = TOKEN_TINT,
                                        .border = TOKEN_BRAND,
                                        .radius = text_px(sheet, CORNER_RADIUS),
                                        .icon = "info",
                                        .icon_px = text_px(sheet, 56),
                                        .icon_place = UI_ICON_START});
}

static void say_note(struct sheet *sheet)
{
    char text[TEXT_BYTES];
    switch (sheet->s->note) {
    case SETUP_NOTE_NONE: break;
    case SETUP_NOTE_SAVED: note(sheet, "Saved. It counts from now on."); break;
    case SETUP_NOTE_NOT_SAVED:
        snprintf(text, sizeof text,
                 "It counts from now on, but could not be saved: it is lost when the kiosk starts "
                 "again. %s",
                 sheet->s->why);
        note(sheet, text);
        break;
    case SETUP_NOTE_PUT_BACK: note(sheet, "The old calibration is back."); break;
    case SETUP_NOTE_MISSED:
        note(sheet,
             "Those touches do not fit together. Please touch the middle of each cross once more.");
        break;
    case SETUP_NOTE_TAKEN:
        note(sheet, "That key has a meaning already. Please press another one.");
        break;
    case SETUP_NOTE_OTHER_DEVICE:
        note(sheet, "That key is on another keyboard. Please press a key of the same keypad.");
        break;
    case SETUP_NOTE_FULL:
        note(sheet, "There is no room for more. Please remove lines from input.conf first.");
        break;
    case SETUP_NOTE_FORGOTTEN: note(sheet, "Every scanner is forgotten."); break;
    }
}

static const char *button_words(const struct setup *s, enum setup_action action)
{
    switch (action) {
    case SETUP_DO_CALIBRATE: return "Calibrate touch";
    case SETUP_DO_LEARN_KEYPAD: return "Teach a keypad";
    case SETUP_DO_LEARN_SCANNER: return "Choose a scanner";
    case SETUP_DO_TEST_PRINTER: return "Test the printer";
    case SETUP_DO_DONE: return "Back to visitors";
    case SETUP_DO_KEEP_IT: return "Keep it";
    case SETUP_DO_PUT_BACK: return "Put the old one back";
    case SETUP_DO_SKIP: return "It has no such key";
    case SETUP_DO_SAVE:
        return s->page == SETUP_SCANNER_DONE ? "Use this scanner" : "Save these keys";
    case SETUP_DO_AGAIN: return s->page == SETUP_SCANNER_DONE ? "Scan again" : "Start again";
    case SETUP_DO_FORGET: return "Forget every scanner";
    case SETUP_DO_PRINT: return "Print a test page";
    case SETUP_DO_BACK: return "Back";
    case SETUP_DO_NOTHING:
    case SETUP_ACTIONS: break;
    }
    return "";
}

static bool goes_on(enum setup_action action)
{
    return action == SETUP_DO_KEEP_IT || action == SETUP_DO_SAVE || action == SETUP_DO_PRINT;
}

/* From the bottom up, so that Back is always in the same place. */
static void lay_buttons(struct sheet *sheet, struct rect area)
{
    enum setup_action buttons[SETUP_BUTTONS_MAX];
    int count = setup_buttons(sheet->s, buttons);
    int height = px(sheet, sheet->wide ? BUTTON_WIDE : BUTTON_UPRIGHT), gap = px(sheet, SPACE_GAP);
    int y = area.y + area.h - count * height - (count - 1) * gap;
    for (int i = 0; i < count; i++, y += height + gap) {
        const char *id = setup_action_id(buttons[i]);
        bool main_one = goes_on(buttons[i]);
        ui_add(sheet->ui,
               &(struct ui_element){.id = id,
                                    .role = UI_BUTTON,
                                    .rect = {area.x, y, area.w, height},
                                    .text = button_words(sheet->s, buttons[i]),
                                    .size_px = px(sheet, TYPE_KIOSK_BODY),
                                    .weight = TEXT_BOLD,
                                    .align = TEXT_CENTRE,
                                    .padding_px = px(sheet, 24),
                                    .padding_y_px = px(sheet, 8),
                                    .radius = px(sheet, CORNER_RADIUS),
                                    .fill = main_one ? TOKEN_BRAND : TOKEN_CARD,
                                    .ink = main_one ? TOKEN_ON_BRAND : TOKEN_INK,
                                    .border = main_one ? TOKEN_NONE : TOKEN_LINE_STRONG,
                                    .focus = i + 1,
                                    .focused = sheet->s->focus == i,
                                    .pressed = sheet->picture->pressed != NULL &&
                                               strcmp(sheet->picture->pressed, id) == 0});
    }
    if (!sheet->wide)
        sheet->texts.h = y - count * (height + gap) - sheet->texts.y;
}

static void say_time_left(struct sheet *sheet, const char *format)
{
    char text[TEXT_BYTES], seconds[32];
    int left = setup_seconds_left(sheet->s, sheet->picture->now_ms);
    if (left > COUNT_FROM_S)
        return;
    snprintf(seconds, sizeof seconds, left == 1 ? "%d second" : "%d seconds", left);
    snprintf(text, sizeof text, "%s %s.", format, seconds);
    line(sheet, text);
}

/* What devices say may be one word as long as they like: broken where a line ends. */
static const char *broken(const char *text, char out[TEXT_BYTES])
{
    size_t used = 0;
    for (int run = 0; *text != '\0' && used < TEXT_BYTES - 2; text++) {
        run = *text == ' ' ? 0 : run + 1;
        if (run > WORD_MOST) {
            out[used++] = '\n';
            run = 1;
        }
        out[used++] = *text;
    }
    out[used] = '\0';
    return out;
}

/* ---- pages -------------------------------------------------------------------------------------- */

static const char *key_words(enum keypad_key key)
{
    switch (key) {
    case KEYPAD_PREVIOUS: return "previous";
    case KEYPAD_NEXT: return "next";
    case KEYPAD_SELECT: return "select";
    case KEYPAD_REPEAT: return "repeat";
    case KEYPAD_BACK: return "back";
    case KEYPAD_HEADSET_IN: return "headset plugged in";
    case KEYPAD_HEADSET_OUT: return "headset pulled out";
    case KEYPAD_NONE:
    case KEYPAD_KEYS: break;
    }
    return "none yet";
}

static void lay_menu(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    char text[TEXT_BYTES], code[TEXT_BYTES];
    const char *scan = !s->has_scan         ? "none yet"
                       : s->scan.unreadable ? "not readable"
                                            : broken(s->scan.text, code);
    heading(sheet, "Set up this kiosk");
    snprintf(text, sizeof text,
             "Touchscreens: %d\nKeypads: %d\nScanners: %d\nHeadset sockets: %d\nHeadset: %s",
             s->devices.touchscreens, s->devices.keypads, s->devices.scanners, s->devices.headsets,
             s->headset_in ? "plugged in" : "not plugged in");
    card(sheet, "attached", text);
    snprintf(text, sizeof text, "Try them here.\nLast key: %s\nLast scan: %s", key_words(s->key),
             scan);
    card(sheet, "tried", text);
    say_note(sheet);
    say_time_left(sheet, "Back to visitors in");
}

/* A plain plus: nothing else on the page draws the eye, or a finger. */
static void lay_cross_at(struct sheet *sheet, int step)
{
    double x, y;
    setup_cross(step, &x, &y);
    int cx = (int)lround(x * sheet->s->width_px), cy = (int)lround(y * sheet->s->height_px);
    int arm = px(sheet, CROSS_ARM), half = px(sheet, CROSS_LINE) / 2 + 1;
    ui_add(sheet->ui, &(struct ui_element){.id = "cross-across",
                                           .role = UI_LINE,
                                           .rect = {cx - arm, cy - half, 2 * arm, 2 * half},
                                           .fill = TOKEN_BRAND});
    ui_add(sheet->ui, &(struct ui_element){.id = "cross-down",
                                           .role = UI_LINE,
                                           .rect = {cx - half, cy - arm, 2 * half, 2 * arm},
                                           .fill = TOKEN_BRAND});
}

static void lay_cross(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    char text[TEXT_BYTES];
    int height = s->height_px;
    /* Between the crosses of the corners; above the one in the middle. */
    sheet->texts = (struct rect){s->width_px / 5, s->step < 4 ? height * 3 / 10 : height / 5,
                                 s->width_px * 3 / 5, height / 2};
    lay_cross_at(sheet, s->step);
    heading(sheet, "Touch the middle of the cross");
    snprintf(text, sizeof text, "Cross %d of %d, with one finger.", s->step + 1, SETUP_CROSSES);
    line(sheet, text);
    if (s->step < 4) {
        say_note(sheet);
        say_time_left(sheet, "Without a touch this ends in");
    }
}

static void lay_keep(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    char text[TEXT_BYTES];
    heading(sheet, "Does touch fit now?");
    line(sheet, "Touch anywhere: the ring should be round your finger.");
    snprintf(text, sizeof text, "The worst cross is off by %.0f pixels.", ceil(s->worst_px));
    line(sheet, text);
    say_time_left(sheet, "Unless you keep it, the old calibration comes back in");
    if (!s->touched)
        return;
    int ring = px(sheet, RING);
    ui_add(sheet->ui,
           &(struct ui_element){.id = "ring",
                                .role = UI_LINE,
                                .rect = {s->touch_x - ring / 2, s->touch_y - ring / 2, ring, ring},
                                .border = TOKEN_BRAND,
                                .border_px = px(sheet, FOCUS_PX),
                                .radius = ring / 2});
}

static void lay_keypad(struct sheet *sheet)
{
    static const char *const wanted[SETUP_KEYS] = {
        "Press the key for “previous”", "Press the key for “next”", "Press the key for “select”",
        "Press the key for “repeat”",   "Press the key for “back”", "Plug the headset in",
        "Pull the headset out",
    };
    static const char *const why[SETUP_KEYS] = {
        "It goes one thing back on the page.",
        "It goes to the next thing on the page.",
        "It does what a touch would do.",
        "It says everything once more.",
        "It goes to the page before.",
        "Some keypads have a socket and tell by a key that a headset is in it.",
        "And by another one that it is out again.",
    };
    const struct setup *s = sheet->s;
    char text[TEXT_BYTES];
    heading(sheet, wanted[s->step]);
    line(sheet, why[s->step]);
    snprintf(text, sizeof text, "Key %d of %d.", s->step + 1, SETUP_KEYS);
    line(sheet, text);
    if (s->step > 0)
        card(sheet, "device", broken(s->device_name, text));
    say_note(sheet);
    say_time_left(sheet, "Without a key this ends in");
}

static void lay_keypad_done(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    char text[TEXT_BYTES], name[TEXT_BYTES];
    size_t used = 0;
    heading(sheet, "These are its keys");
    used += (size_t)snprintf(text, sizeof text, "%s (%04x:%04x)", broken(s->device_name, name),
                             s->device.vendor, s->device.product);
    for (int i = 0; i < SETUP_KEYS && used < sizeof text; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "\n%s: %s", key_words(setup_key(i)),
                             s->learnt[i].code != 0 ? s->learnt[i].name : "none");
    card(sheet, "keys", text);
    say_note(sheet);
    say_time_left(sheet, "Without an answer this ends in");
}

static void lay_scanner(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    char text[TEXT_BYTES];
    size_t used = 0;
    heading(sheet, "Scan anything");
    line(sheet, "Any barcode will do. The kiosk finds out which device read it.");
    text[0] = '\0';
    for (int i = 0; i < s->conf.scanner_count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%04x:%04x",
                                 i == 0 ? "In use: " : ", ", s->conf.scanners[i].vendor,
                                 s->conf.scanners[i].product);
    if (used > 0)
        card(sheet, "scanners", text);
    say_note(sheet);
    say_time_left(sheet, "Without a scan this ends in");
}

static void lay_scanner_done(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    char text[3 * TEXT_BYTES], name[TEXT_BYTES], code[TEXT_BYTES];
    heading(sheet, "Is this your scanner?");
    snprintf(text, sizeof text, "%s (%04x:%04x)\nIt read: %s", broken(s->device_name, name),
             s->device.vendor, s->device.product, broken(s->scanned, code));
    card(sheet, "found", text);
    line(sheet, "From then on it types nothing else: the kiosk takes it for itself.");
    say_note(sheet);
    say_time_left(sheet, "Without an answer this ends in");
}

static const char *paper_words(enum journey_paper paper)
{
    switch (paper) {
    case PAPER_NO_PRINTER: return "none is configured";
    case PAPER_READY: return "ready";
    case PAPER_LOW: return "ready, paper is low";
    case PAPER_UNKNOWN: return "ready, but it never tells how its paper is";
    case PAPER_OUT: return "out of paper";
    case PAPER_JAM: return "paper jam";
    case PAPER_OPEN: return "its cover is open";
    case PAPER_GONE: return "stopped, switched off or unplugged";
    }
    return "";
}

static const char *job_words(enum journey_job job)
{
    switch (job) {
    case JOB_NONE: return "not asked for";
    case JOB_PRINTING: return "printing";
    case JOB_PRINTED: return "printed";
    case JOB_FAILED: return "not printed";
    case JOB_UNKNOWN: return "nobody knows whether it came out";
    }
    return "";
}

static void lay_printer(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    char text[TEXT_BYTES];
    heading(sheet, "Test the printer");
    snprintf(text, sizeof text, "Printer: %s\nTest page: %s", paper_words(s->paper),
             job_words(s->job));
    card(sheet, "printer-state", text);
    line(sheet,
         "It has a line in each language and a code to scan, and shows whether every dot prints.");
    say_time_left(sheet, "Without a touch this ends in");
}

/* ---- the sheet ---------------------------------------------------------------------------------- */

int64_t setup_view_due_ms(const struct setup *s, int64_t now_ms)
{
    int64_t due = setup_due_ms(s);
    if (due == INT64_MAX)
        return due;
    int64_t left = due - now_ms, first = INT64_C(1000) * COUNT_FROM_S;
    if (left > first)
        return due - first;
    return left <= 0 ? now_ms : now_ms + (left % 1000 != 0 ? left % 1000 : 1000);
}

static void lay_page(struct sheet *sheet)
{
    switch (sheet->s->page) {
    case SETUP_MENU: lay_menu(sheet); break;
    case SETUP_CROSS: lay_cross(sheet); break;
    case SETUP_KEEP: lay_keep(sheet); break;
    case SETUP_KEYPAD: lay_keypad(sheet); break;
    case SETUP_KEYPAD_DONE: lay_keypad_done(sheet); break;
    case SETUP_SCANNER: lay_scanner(sheet); break;
    case SETUP_SCANNER_DONE: lay_scanner_done(sheet); break;
    case SETUP_PRINTER: lay_printer(sheet); break;
    case SETUP_LEFT: break;
    }
}

/* False: the texts reach into the buttons. */
static bool lay_sheet(struct sheet *sheet)
{
    const struct setup *s = sheet->s;
    int margin = px(sheet, SPACE_MARGIN);
    struct rect whole = {margin, margin, s->width_px - 2 * margin, s->height_px - 2 * margin};
    struct rect buttons = whole;
    sheet->texts = whole;
    sheet->texts_made = 0;
    if (sheet->wide) {
        sheet->texts.w = whole.w * 11 / 20;
        buttons.x += sheet->texts.w + margin;
        buttons.w -= sheet->texts.w + margin;
    }
    ui_begin(sheet->ui, &(struct ui_page){.name = setup_page_code(s->page),
                                          .language = "en",
                                          .theme = sheet->picture->theme,
                                          .width = s->width_px,
                                          .height = s->height_px});
    lay_buttons(sheet, buttons);
    lay_page(sheet);
    return sheet->texts.h >= 0;
}

void setup_view_lay(const struct setup_picture *picture, const struct ui_kit *kit, struct ui *ui)
{
    const struct setup *s = picture->setup;
    struct sheet sheet = {.s = s,
                          .picture = picture,
                          .kit = kit,
                          .ui = ui,
                          .tight = 1,
                          .wide = s->width_px > s->height_px};
    double across = s->width_px / (sheet.wide ? 1920.0 : 1080.0);
    double down = s->height_px / (sheet.wide ? 1080.0 : 1920.0);
    sheet.scale = fmin(across, down);
    while (!lay_sheet(&sheet) && sheet.tight > tightest)
        sheet.tight -= 0.1;
}
