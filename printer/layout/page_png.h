/* A page as a picture, for people and for tests. */
#ifndef QUARTER_LAYOUT_PAGE_PNG_H
#define QUARTER_LAYOUT_PAGE_PNG_H

#include "printer/page.h"

enum status page_save_png(const struct page *page, const char *path);
/* Black where the picture is darker than half grey. NOT_FOUND: no such picture, or none. */
enum status page_load_png(const char *path, struct page **page);

#endif
