/* See slip_scenes.h. */
#include "slip_scenes.h"

#include "printer/layout/page_png.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

const char *const slip_languages[SLIP_LANGUAGE_COUNT] = {"en", "gu", "pa", "ur", "hi",
                                                         "bn", "pl", "so", "ar"};
static const char *const TIMES[] = {
    "Tuesday 24 November, 10:43",  "મંગળવાર 24 નવેમ્બર, 10:43",     "ਮੰਗਲਵਾਰ 24 ਨਵੰਬਰ, 10:43",
    "منگل 24 نومبر، 10:43",        "मंगलवार 24 नवंबर, 10:43",      "মঙ্গলবার 24 নভেম্বর, 10:43",
    "wtorek, 24 listopada, 10:43", "Talaado 24 Nofembar, 10:43", "الثلاثاء 24 نوفمبر، 10:43"};
int slip_open(void **state)
{
    struct slip_fixture *fixture = calloc(1, sizeof(*fixture));
    char error[256] = "";
    if (layout_create(QUARTER_SHARE, error, sizeof(error), &fixture->layout) != STATUS_OK) {
        fprintf(stderr, "%s\n", error);
        free(fixture);
        return -1;
    }
    struct site_report *report = site_report_create();
    enum status status = site_load(SITE, &fixture->site, report);
    site_report_destroy(report);
    if (status != STATUS_OK)
        return -1;
    fixture->words = json_loads(site_json(fixture->site), 0, NULL);
    *state = fixture;
    return fixture->words ? 0 : -1;
}

int slip_close(void **state)
{
    struct slip_fixture *fixture = *state;
    json_decref(fixture->words);
    site_destroy(fixture->site);
    layout_destroy(fixture->layout);
    free(fixture);
    return 0;
}

void slip_copy(char *into, size_t size, const char *text)
{
    assert_non_null(text);
    assert_true((size_t)snprintf(into, size, "%s", text) < size);
}

static const char *said(const json_t *texts, const char *language)
{
    return json_string_value(json_object_get(texts, language));
}

static const json_t *by_code(const json_t *list, const char *code)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "code")), code) == 0)
            return json_array_get(list, i);
    fail_msg("no %s", code);
    return NULL;
}

struct print_request *slip_ticket(const struct slip_fixture *fixture, size_t language,
                                  const json_t *service)
{
    struct print_request *request = calloc(1, sizeof(*request));
    const char *code = slip_languages[language];
    slip_copy(request->ticket, sizeof(request->ticket), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    request->copy = 1;
    slip_copy(request->language, sizeof(request->language), code);
    request->right_to_left = strcmp(code, "ur") == 0 || strcmp(code, "ar") == 0;
    slip_copy(request->centre, sizeof(request->centre),
              said(json_object_get(fixture->words, "name"), code));
    slip_copy(request->number, sizeof(request->number), "H07");
    slip_copy(request->service, sizeof(request->service),
              said(json_object_get(service, "name"), code));
    slip_copy(request->printed_at, sizeof(request->printed_at), TIMES[language]);
    const json_t *area = by_code(json_object_get(fixture->words, "areas"),
                                 json_string_value(json_object_get(service, "area")));
    slip_copy(request->where, sizeof(request->where), said(json_object_get(area, "name"), code));
    const json_t *ready = json_object_get(json_object_get(service, "have_ready"), code);
    for (size_t i = 0; i < json_array_size(ready); i++)
        slip_copy(request->have_ready[request->have_ready_count++], REQUEST_TEXT_BYTES,
                  json_string_value(json_array_get(ready, i)));
    request->ahead = 4;
    return request;
}

const json_t *slip_service(const struct slip_fixture *fixture, const char *code)
{
    return by_code(json_object_get(fixture->words, "services"), code);
}

/* Of a council's bill: the longest of its kind that one would write. */
static const struct {
    const char *title, *text;
} SIGNPOSTS[SLIP_LANGUAGE_COUNT] = {
    {"See or print your Council Tax bill online",
     "You can see your bill at any time, without waiting. You need your account number: it is on "
     "any letter from us. In the library opposite, staff help you to print it."},
    {"તમારું કાઉન્સિલ ટેક્સ બિલ ઓનલાઇન જુઓ અથવા છાપો",
     "તમે રાહ જોયા વિના ગમે ત્યારે તમારું બિલ જોઈ શકો છો. તમારે તમારા ખાતા નંબરની જરૂર છે: તે અમારા કોઈપણ "
     "પત્ર પર છે. સામેની લાઇબ્રેરીમાં કર્મચારીઓ તેને છાપવામાં મદદ કરે છે."},
    {"ਆਪਣਾ ਕੌਂਸਲ ਟੈਕਸ ਬਿੱਲ ਆਨਲਾਈਨ ਦੇਖੋ ਜਾਂ ਛਾਪੋ",
     "ਤੁਸੀਂ ਬਿਨਾਂ ਉਡੀਕ ਕੀਤੇ ਕਿਸੇ ਵੀ ਸਮੇਂ ਆਪਣਾ ਬਿੱਲ ਦੇਖ ਸਕਦੇ ਹੋ। ਤੁਹਾਨੂੰ ਆਪਣੇ ਖਾਤਾ ਨੰਬਰ ਦੀ ਲੋੜ ਹੈ: ਇਹ ਸਾਡੀ ਕਿਸੇ ਵੀ "
     "ਚਿੱਠੀ 'ਤੇ ਹੈ। ਸਾਹਮਣੇ ਵਾਲੀ ਲਾਇਬ੍ਰੇਰੀ ਵਿੱਚ ਕਰਮਚਾਰੀ ਇਸਨੂੰ ਛਾਪਣ ਵਿੱਚ ਮਦਦ ਕਰਦੇ ਹਨ।"},
    {"اپنا کونسل ٹیکس بل آن لائن دیکھیں یا پرنٹ کریں",
     "آپ انتظار کیے بغیر کسی بھی وقت اپنا بل دیکھ سکتے ہیں۔ آپ کو اپنے اکاؤنٹ نمبر کی ضرورت ہے: یہ "
     "ہمارے کسی بھی خط "
     "پر ہے۔ سامنے والی لائبریری میں عملہ اسے پرنٹ کرنے میں مدد کرتا ہے۔"},
    {"अपना काउंसिल टैक्स बिल ऑनलाइन देखें या प्रिंट करें",
     "आप बिना प्रतीक्षा किए कभी भी अपना बिल देख सकते हैं। आपको अपने खाता नंबर की आवश्यकता है: यह हमारे किसी "
     "भी "
     "पत्र पर है। सामने वाले पुस्तकालय में कर्मचारी इसे प्रिंट करने में मदद करते हैं।"},
    {"আপনার কাউন্সিল ট্যাক্স বিল অনলাইনে দেখুন বা প্রিন্ট করুন",
     "আপনি অপেক্ষা না করে যেকোনো সময় আপনার বিল দেখতে পারেন। আপনার অ্যাকাউন্ট নম্বর প্রয়োজন: এটি আমাদের "
     "যেকোনো "
     "চিঠিতে আছে। সামনের লাইব্রেরিতে কর্মীরা এটি প্রিন্ট করতে সাহায্য করেন।"},
    {"Zobacz lub wydrukuj rachunek Council Tax przez internet",
     "Rachunek możesz zobaczyć w każdej chwili, bez czekania. Potrzebny jest numer konta: "
     "znajdziesz "
     "go na każdym liście od nas. W bibliotece naprzeciwko pracownicy pomogą go wydrukować."},
    {"Ka fiiri ama ka daabac biilkaaga Council Tax internetka",
     "Waxaad biilkaaga arki kartaa wakhti kasta, adigoon sugin. Waxaad u baahan tahay lambarka "
     "koontadaada: wuxuu ku yaal warqad kasta oo naga timid. Maktabadda ka soo horjeedda "
     "shaqaaluhu "
     "way kaa caawinayaan daabacaadda."},
    {"اطلع على فاتورة ضريبة المجلس أو اطبعها عبر الإنترنت",
     "يمكنك الاطلاع على فاتورتك في أي وقت دون انتظار. تحتاج إلى رقم حسابك: تجده في أي رسالة منا. "
     "في "
     "المكتبة المقابلة يساعدك الموظفون على طباعتها."},
};

static struct print_request *slip_of(const struct slip_fixture *fixture, size_t language,
                                     enum request_kind kind)
{
    struct print_request *request = calloc(1, sizeof(*request));
    const char *code = slip_languages[language];
    request->kind = kind;
    slip_copy(request->ticket, sizeof(request->ticket), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    request->copy = 1;
    slip_copy(request->language, sizeof(request->language), code);
    request->right_to_left = strcmp(code, "ur") == 0 || strcmp(code, "ar") == 0;
    slip_copy(request->centre, sizeof(request->centre),
              said(json_object_get(fixture->words, "name"), code));
    slip_copy(request->printed_at, sizeof(request->printed_at), TIMES[language]);
    return request;
}

struct print_request *slip_signpost(const struct slip_fixture *fixture, size_t language)
{
    struct print_request *request = slip_of(fixture, language, REQUEST_SIGNPOST);
    slip_copy(request->title, sizeof(request->title), SIGNPOSTS[language].title);
    slip_copy(request->text, sizeof(request->text), SIGNPOSTS[language].text);
    slip_copy(request->url, sizeof(request->url), "https://www.example.gov.uk/council-tax/bill");
    return request;
}

struct print_request *slip_test_page(const struct slip_fixture *fixture)
{
    struct print_request *request = slip_of(fixture, 0, REQUEST_TEST);
    for (size_t l = 0; l < SLIP_LANGUAGE_COUNT; l++)
        slip_copy(request->languages[request->language_count++], REQUEST_LANGUAGE_BYTES,
                  slip_languages[l]);
    return request;
}

static int count_differences(const struct page *one, const struct page *other)
{
    int count = 0;
    for (int y = 0; y < one->height_px; y++)
        for (int x = 0; x < one->width_px; x++)
            count += page_is_black(one, x, y) != page_is_black(other, x, y);
    return count;
}

/* The same fonts give the same dots; another FreeType may move an edge by one. */
void slip_compare(const struct page *page, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s.png", GOLDEN, name);
    if (getenv("QUARTER_UPDATE_GOLDEN")) {
        assert_int_equal(page_save_png(page, path), STATUS_OK);
        return;
    }
    struct page *golden = NULL;
    if (page_load_png(path, &golden) != STATUS_OK)
        fail_msg("%s is missing; QUARTER_UPDATE_GOLDEN=1 makes it", path);
    bool alike = golden->width_px == page->width_px && golden->height_px == page->height_px;
    int differences = alike ? count_differences(page, golden) : -1;
    page_destroy(golden);
    if (!alike || differences > page->width_px * page->height_px / 1000) {
        mkdir(PICTURES "/..", 0777);
        mkdir(PICTURES, 0777);
        snprintf(path, sizeof(path), "%s/%s.png", PICTURES, name);
        page_save_png(page, path);
        fail_msg("%s differs by %d dots (-1: in size); see %s", name, differences, path);
    }
}
