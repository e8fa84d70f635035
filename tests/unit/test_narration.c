/* What is said of a page: pages made by hand, and what a listener hears of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "narration.h"
#include "quarter/check.h"
#include "test_kit.h"

struct scene {
    struct ui *ui;
    struct narrator narrator;
    struct narration *out;
    struct narration_source source;
};

static struct scene begin(void)
{
    struct scene scene = {.ui = ui_create(), .out = calloc(1, sizeof *scene.out)};
    CHECK(scene.ui != NULL && scene.out != NULL);
    scene.source = (struct narration_source){.ui = scene.ui, .listening = true, .keypad = true};
    return scene;
}

static void end(struct scene *scene)
{
    ui_destroy(scene->ui);
    free(scene->out);
}

static void page(struct scene *scene, const char *name, const char *language)
{
    ui_begin(scene->ui,
             &(struct ui_page){.name = name, .language = language, .width = 1080, .height = 1920});
}

static void add(struct scene *scene, const char *id, enum ui_role role, const char *text)
{
    const bool button = role == UI_BUTTON;
    int focus = 0;
    for (size_t i = 0; i < ui_count(scene->ui); i++)
        focus += ui_element(scene->ui, i)->focus > 0;
    ui_add(scene->ui, &(struct ui_element){.id = id,
                                           .role = role,
                                           .rect = {0, 0, 100, 100},
                                           .text = text,
                                           .size_px = 42,
                                           .focus = button ? focus + 1 : 0});
}

static void add_bar(struct scene *scene)
{
    static const char *const ids[] = {"back", "language", "ease", "listen", "help"};
    for (size_t i = 0; i < 5; i++)
        add(scene, ids[i], UI_BUTTON, ids[i]);
}

static void services_page(struct scene *scene)
{
    page(scene, "services", "en");
    add(scene, "centre", UI_TEXT, "Customer centre");
    add(scene, "clock", UI_CLOCK, "10:42");
    add(scene, "sub", UI_TEXT, "Choose one");
    add(scene, "title", UI_HEADING, "What do you need help with today?");
    add(scene, "offline", UI_ALERT, "We cannot reach the queue right now.");
    add(scene, "group-a", UI_BUTTON, "Council Tax");
    add(scene, "group-b", UI_BUTTON, "Housing");
    add(scene, "not-sure", UI_BUTTON, "I'm not sure");
    add_bar(scene);
}

/* What was said, as "language:text|language:text", with a "!" before it when it hushes. */
static const char *heard(const struct scene *scene)
{
    static char text[65536];
    size_t at = 0;
    text[0] = '\0';
    if (scene->out->hush)
        text[at++] = '!';
    text[at] = '\0';
    for (int i = 0; i < scene->out->count; i++) {
        const struct narration_line *line = &scene->out->lines[i];
        int length = snprintf(text + at, sizeof text - at, "%s%s:%s", i > 0 ? "|" : "",
                              line->language, line->text);
        CHECK(length > 0 && (size_t)length < sizeof text - at);
        at += (size_t)length;
    }
    return text;
}

static const char *look(struct scene *scene, const char *focused)
{
    scene->source.focused = focused;
    narrator_look(&scene->narrator, &scene->source, scene->out);
    return heard(scene);
}

static void who_does_not_listen_hears_nothing(void **state)
{
    (void)state;
    struct scene scene = begin();
    scene.source.listening = false;
    services_page(&scene);
    assert_string_equal(look(&scene, "group-a"), "");
    assert_string_equal(look(&scene, "group-b"), "");
    narrator_repeat(&scene.narrator, &scene.source, scene.out);
    assert_string_equal(heard(&scene), "!");
    scene.source.listening = true;
    (void)look(&scene, "group-b");
    assert_true(scene.out->count > 3);
    scene.source.listening = false;
    assert_string_equal(look(&scene, "group-b"), "!"); /* switched off: silent at once */
    assert_string_equal(look(&scene, "group-a"), "");
    end(&scene);
}

static void a_page_is_read_in_order(void **state)
{
    (void)state;
    struct scene scene = begin();
    services_page(&scene);
    assert_string_equal(look(&scene, "group-a"),
                        "!en:We cannot reach the queue right now."
                        "|en:What do you need help with today?|en:Choose one|en:3 choices"
                        "|en:Press next to hear the choices, and select to take one."
                        "|en:Council Tax|en:1 of 3");
    assert_string_equal(look(&scene, "group-a"), ""); /* the same picture again */
    services_page(&scene);
    assert_string_equal(look(&scene, "group-a"), "");
    /* How the keypad works is said once, and when somebody asks for a repeat. */
    page(&scene, "group", "en");
    add(&scene, "title", UI_HEADING, "Housing");
    add(&scene, "service-a", UI_BUTTON, "Repairs");
    assert_string_equal(look(&scene, "service-a"), "!en:Housing|en:1 choice|en:Repairs");
    narrator_repeat(&scene.narrator, &scene.source, scene.out);
    assert_string_equal(heard(&scene),
                        "!en:Housing|en:1 choice"
                        "|en:Press next to hear the choices, and select to take one.|en:Repairs");
    assert_string_equal(look(&scene, "service-a"), "");
    end(&scene);
}

static void a_finger_hears_the_choices(void **state)
{
    (void)state;
    struct scene scene = begin();
    scene.source.keypad = false;
    services_page(&scene);
    assert_string_equal(look(&scene, NULL),
                        "!en:We cannot reach the queue right now."
                        "|en:What do you need help with today?|en:Choose one|en:3 choices"
                        "|en:Council Tax|en:Housing|en:I'm not sure");
    end(&scene);
}

static void the_focus_is_followed(void **state)
{
    (void)state;
    struct scene scene = begin();
    services_page(&scene);
    (void)look(&scene, "group-a");
    assert_string_equal(look(&scene, "group-b"), "!en:Housing|en:2 of 3");
    assert_string_equal(look(&scene, "help"), "!en:help"); /* the bar is no choice */
    assert_string_equal(look(&scene, "gone"), "");
    assert_string_equal(look(&scene, "not-sure"), "!en:I'm not sure|en:3 of 3");
    end(&scene);
}

static void ticks_and_greyed_buttons_are_told(void **state)
{
    (void)state;
    static const char *const icons[] = {"unticked", "ticked"};
    struct scene scene = begin();
    for (int ticked = 0; ticked < 2; ticked++) {
        page(&scene, "needs", "en");
        add(&scene, "title", UI_HEADING, "Is there anything you need?");
        ui_add(scene.ui, &(struct ui_element){.id = "need-bsl",
                                              .role = UI_BUTTON,
                                              .text = "Sign language",
                                              .detail = "BSL",
                                              .icon = icons[ticked],
                                              .focus = 1});
        ui_add(scene.ui,
               &(struct ui_element){
                   .id = "back", .role = UI_BUTTON, .text = "Back", .focus = 2, .disabled = true});
        if (ticked == 0) {
            assert_string_equal(look(&scene, "need-bsl"),
                                "!en:Is there anything you need?|en:1 choice"
                                "|en:Press next to hear the choices, and select to take one."
                                "|en:Sign language. BSL|en:not ticked");
            assert_string_equal(look(&scene, "back"), "!en:Back|en:not available now");
            (void)look(&scene, "need-bsl");
        } else {
            assert_string_equal(look(&scene, "need-bsl"), "en:ticked");
        }
    }
    end(&scene);
}

static void each_language_is_spoken_as_itself(void **state)
{
    (void)state;
    struct scene scene = begin();
    page(&scene, "welcome", "en");
    add(&scene, "title", UI_HEADING, "Welcome");
    add(&scene, "language-en", UI_BUTTON, "English");
    ui_add(scene.ui, &(struct ui_element){.id = "language-pl",
                                          .role = UI_BUTTON,
                                          .text = "Polski",
                                          .detail = "Witamy",
                                          .language = "pl",
                                          .focus = 2});
    (void)look(&scene, "language-en");
    assert_string_equal(look(&scene, "language-pl"), "!pl:Polski. Witamy|en:2 of 2");
    page(&scene, "welcome", "pl");
    add(&scene, "title", UI_HEADING, "Welcome");
    assert_string_equal(look(&scene, NULL), "!pl:Welcome"); /* another language: read out anew */
    end(&scene);
}

static void counting_figures_are_not_read_again(void **state)
{
    (void)state;
    struct scene scene = begin();
    static const char *const left[] = {"If not, we start again in 20 seconds.",
                                       "If not, we start again in 19 seconds.",
                                       "If not, we start again in 1 second."};
    for (int i = 0; i < 3; i++) {
        page(&scene, "still-there", "en");
        add(&scene, "title", UI_HEADING, "Are you still there?");
        add(&scene, "left", UI_TEXT, left[i]);
        add(&scene, "clock", UI_CLOCK, i == 0 ? "10:42" : "10:43");
        const char *said = look(&scene, NULL);
        if (i == 0)
            assert_string_equal(said, "!en:Are you still there?"
                                      "|en:If not, we start again in 20 seconds.");
        else
            assert_string_equal(said, "");
    }
    static const char *const ahead[] = {"You are next", "1", "2", "You are next"};
    for (int i = 0; i < 4; i++) {
        page(&scene, "ready", "en");
        add(&scene, "title", UI_HEADING, "You are nearly done");
        add(&scene, "ahead", UI_TEXT, ahead[i]);
        const char *said = look(&scene, NULL);
        assert_string_equal(said, i == 0   ? "!en:You are nearly done|en:You are next"
                                  : i == 3 ? "en:You are next"
                                           : "");
    }
    end(&scene);
}

static void news_is_told_without_cutting_off_what_is_said(void **state)
{
    (void)state;
    struct scene scene = begin();
    static const char *const notes[] = {"Printing your ticket...", "Take your ticket",
                                        "Paper in 5 minutes", "Paper in 4 minutes"};
    static const char *const wanted[] = {NULL, "en:Take your ticket", "en:Paper in 5 minutes", ""};
    for (int i = 0; i < 4; i++) {
        page(&scene, "done", "en");
        add(&scene, "title", UI_HEADING, "Your number");
        add(&scene, "number", UI_NUMBER, "H07");
        add(&scene, "paper", UI_ALERT, notes[i]);
        const char *said = look(&scene, NULL);
        if (i == 0)
            assert_string_equal(said, "!en:Printing your ticket...|en:Your number|en:H07");
        else
            assert_string_equal(said, wanted[i]);
    }
    page(&scene, "done", "en");
    add(&scene, "title", UI_HEADING, "Your number");
    add(&scene, "number", UI_NUMBER, "H08"); /* figures, and all the same another number */
    assert_string_equal(look(&scene, NULL), "en:H08");
    end(&scene);
}

static void search_page(struct scene *scene, const char *typed, int found)
{
    char id[24];
    page(scene, "search", "en");
    add(scene, "title", UI_HEADING, "Find by name");
    add(scene, "typed", UI_TEXT, typed);
    for (int i = 0; i < found; i++) {
        snprintf(id, sizeof id, "found-%d", i);
        add(scene, id, UI_BUTTON, "Found");
    }
    add(scene, "key-0061", UI_BUTTON, "a");
    add(scene, "key-space", UI_BUTTON, "Space");
    add(scene, "key-back", UI_BUTTON, NULL);
    scene->source.typed = typed;
}

static void letters_are_echoed(void **state)
{
    (void)state;
    struct scene scene = begin();
    search_page(&scene, "", 0);
    assert_string_equal(look(&scene, "key-0061"),
                        "!en:Find by name|en:Nothing typed"
                        "|en:Press next to hear the choices, and select to take one.|en:a");
    search_page(&scene, "a", 0);
    assert_string_equal(look(&scene, "key-0061"), "en:a");
    search_page(&scene, "a\xc5\x82", 2);
    assert_string_equal(look(&scene, "key-0061"), "en:\xc5\x82|en:2 choices");
    search_page(&scene, "a\xc5\x82 ", 2);
    assert_string_equal(look(&scene, "key-0061"), "en:Space");
    search_page(&scene, "a\xc5\x82", 1);
    assert_string_equal(look(&scene, "key-0061"), "en:a\xc5\x82|en:1 choice");
    assert_string_equal(look(&scene, "key-back"), "!en:Delete the last letter");
    search_page(&scene, "", 0);
    assert_string_equal(look(&scene, "key-back"), "en:Nothing typed");
    end(&scene);
}

static void question_page(struct scene *scene, const char *typed)
{
    page(scene, "question", "en");
    add(scene, "title", UI_HEADING, "What happened?");
    add(scene, typed[0] == '\0' ? "typed-hint" : "typed", UI_TEXT,
        typed[0] == '\0' ? "In a few words" : typed);
    add(scene, "skip", UI_BUTTON, "Skip this");
    add(scene, "key-0062", UI_BUTTON, "b");
    add(scene, "key-0065", UI_BUTTON, "e");
    add(scene, "key-space", UI_BUTTON, "Space");
    scene->source.typed = typed;
    scene->source.typed_is_private = true;
}

/* EN 301 549, 5.1.3.9. */
static void what_is_private_goes_into_a_headset_only(void **state)
{
    (void)state;
    static const char *const typed[] = {"", "b", "be", "be ", "be b", "be"};
    struct scene scene = begin();
    for (int with = 0; with < 2; with++) {
        scene.narrator = (struct narrator){0};
        scene.source.headset = with == 1;
        for (int i = 0; i < 6; i++) {
            question_page(&scene, typed[i]);
            const char *said = look(&scene, "key-0062");
            assert_true((strstr(said, "Your answer is private") != NULL) == (with == 0 && i == 0));
            assert_true((strstr(said, "letter") != NULL) == (with == 0 && i > 0));
            if (with == 1 && i == 1)
                assert_string_equal(said, "!en:b|en:b"); /* typed; and the focus is on it again */
            if (with == 0)
                assert_true(strstr(said, ":b") == NULL && strstr(said, ":e") == NULL);
            said = look(&scene, "key-0065");
            assert_string_equal(said, with == 0 ? "!en:a key" : "!en:e");
            assert_string_equal(look(&scene, "key-space"), "!en:Space");
            narrator_repeat(&scene.narrator, &scene.source, scene.out);
            said = heard(&scene);
            assert_true((strstr(said, ":be b|") != NULL) == (with == 1 && i == 4));
        }
    }
    end(&scene);
}

/* The jack gives what was private to the loudspeaker. */
static void a_headset_pulled_out_silences(void **state)
{
    (void)state;
    struct scene scene = begin();
    scene.source.headset = true;
    question_page(&scene, "secret");
    (void)look(&scene, "skip");
    scene.source.headset = false;
    const char *said = look(&scene, "skip");
    assert_string_equal(said, "!");
    scene.source.headset = true;
    assert_string_equal(look(&scene, "skip"), "");
    end(&scene);
}

static void long_texts_are_parted_and_many_are_bounded(void **state)
{
    (void)state;
    struct scene scene = begin();
    char text[4 * NARRATION_TEXT_BYTES] = "", together[sizeof text] = "", id[24];
    page(&scene, "signpost", "gu");
    for (size_t at = 0; at + 20 < sizeof text; at += 13)
        memcpy(text + at, "\xe0\xaa\x95\xe0\xaa\x95\xe0\xaa\x95\xe0\xaa\x95 ", 14);
    add(&scene, "text", UI_TEXT, text);
    (void)look(&scene, NULL);
    assert_true(scene.out->count >= 4);
    for (int i = 0; i < scene.out->count; i++) {
        const char *line = scene.out->lines[i].text;
        assert_true(((unsigned char)line[0] & 0xc0) != 0x80); /* no half letter */
        const size_t length = strlen(together);
        kit_set(together + length, sizeof together - length, line);
    }
    assert_string_equal(together, text);
    page(&scene, "many", "en");
    for (int i = 0; i < UI_ELEMENTS_MAX; i++) {
        snprintf(id, sizeof id, "t%d", i);
        add(&scene, id, UI_TEXT, "text");
    }
    (void)look(&scene, NULL);
    assert_int_equal(scene.out->count, NARRATION_LINES_MAX);
    assert_string_equal(look(&scene, NULL), "");
    end(&scene);
}

/* No word of a narration is English by neglect. */
static void nine_languages_have_their_words(void **state)
{
    (void)state;
    static const char *const languages[] = {"gu", "pa", "ur", "hi", "bn", "pl", "so", "ar"};
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        struct catalogue *words = NULL;
        char error[256];
        if (catalogue_open(QUARTER_SHARE, languages[i], &words, error, sizeof error) != STATUS_OK)
            fail_msg("%s", error);
        struct scene english = begin(), scene = begin();
        scene.source.words = words;
        for (int j = 0; j < 2; j++) {
            struct scene *each = j == 0 ? &english : &scene;
            question_page(each, "xyz");
            page(each, "question", languages[i]);
            ui_add(each->ui, &(struct ui_element){
                                 .id = "a", .role = UI_BUTTON, .icon = "ticked", .focus = 1});
            ui_add(each->ui, &(struct ui_element){.id = "key-back", .role = UI_BUTTON, .focus = 2});
            ui_add(each->ui, &(struct ui_element){.id = "b", .role = UI_BUTTON, .focus = 3});
            (void)look(each, "a");
        }
        assert_true(scene.out->count >= 6);
        assert_int_equal(scene.out->count, english.out->count);
        for (int line = 0; line < scene.out->count; line++)
            assert_string_not_equal(scene.out->lines[line].text, english.out->lines[line].text);
        end(&english);
        end(&scene);
        catalogue_destroy(words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_does_not_listen_hears_nothing),
        cmocka_unit_test(a_page_is_read_in_order),
        cmocka_unit_test(a_finger_hears_the_choices),
        cmocka_unit_test(the_focus_is_followed),
        cmocka_unit_test(ticks_and_greyed_buttons_are_told),
        cmocka_unit_test(each_language_is_spoken_as_itself),
        cmocka_unit_test(counting_figures_are_not_read_again),
        cmocka_unit_test(news_is_told_without_cutting_off_what_is_said),
        cmocka_unit_test(letters_are_echoed),
        cmocka_unit_test(what_is_private_goes_into_a_headset_only),
        cmocka_unit_test(a_headset_pulled_out_silences),
        cmocka_unit_test(long_texts_are_parted_and_many_are_bounded),
        cmocka_unit_test(nine_languages_have_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
