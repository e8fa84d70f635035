/* All pairs are all pairs, however few pages and languages there are; and all is all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "matrix.h"

static void every_pair_is_met(void **state)
{
    static const int sizes[][2] = {{1, 1}, {2, 1}, {5, 4}, {40, 4}, {80, 4}, {124, 9}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        int count = 0;
        struct matrix_row *rows = matrix_rows(sizes[i][0], sizes[i][1], false, &count);
        assert_int_equal(matrix_missing_pairs(rows, count, sizes[i][0], sizes[i][1]), 0);
        assert_true(count >= sizes[i][0] * sizes[i][1]);
        if (count > 1) /* and it would be noticed */
            assert_true(matrix_missing_pairs(rows, count / 2, sizes[i][0], sizes[i][1]) > 0);
        free(rows);
    }
}

static void all_is_all(void **state)
{
    int count = 0;
    (void)state;
    struct matrix_row *rows = matrix_rows(3, 2, true, &count);
    assert_int_equal(count, 3 * 2 * THEMES * SHAPES * TEXT_SIZES * 2);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++)
            assert_false(rows[i].state == rows[k].state &&
                         rows[i].look.language == rows[k].look.language &&
                         rows[i].look.theme == rows[k].look.theme &&
                         rows[i].look.shape == rows[k].look.shape &&
                         rows[i].look.text_size == rows[k].look.text_size &&
                         rows[i].look.low_reach == rows[k].look.low_reach);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_met),
        cmocka_unit_test(all_is_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
