/* The document of GET /api/site. */
#ifndef QUARTER_SITE_SITE_JSON_H
#define QUARTER_SITE_SITE_JSON_H

#include "site/model.h"

/* A site that has been found good: texts[i] are the complete words in model->languages[i]. free()
 * the result. */
char *site_json_write(const struct site_model *model, const struct set *sets,
                      const struct text_model *const *texts, const struct rules *rules);

#endif
