/* See lines.h. Splits and merges recurse to the tree's depth: about 2 log2 n, 40 for 100 000. */
#include "engine/policy/lines.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

struct line_node {
    int64_t leg_from_ms;
    uint32_t left, right, count, priority;
    bool waits;
};

static int32_t ticket_of(uint32_t node)
{
    return (int32_t)node - 1;
}

static uint32_t node_of(int32_t ticket)
{
    return (uint32_t)ticket + 1;
}

/* The finaliser of MurmurHash3: neighbouring indices get unrelated priorities. */
static uint32_t mix(uint32_t value)
{
    value = (value ^ value >> 16) * 0x85ebca6bu;
    value = (value ^ value >> 13) * 0xc2b2ae35u;
    return value ^ value >> 16;
}

static bool stands_before(const struct line_node *nodes, uint32_t node, int64_t leg_from_ms,
                          uint32_t than)
{
    int64_t mine = nodes[node].leg_from_ms;
    return mine < leg_from_ms || (mine == leg_from_ms && node < than);
}

static void recount(struct line_node *nodes, uint32_t node)
{
    nodes[node].count = 1 + nodes[nodes[node].left].count + nodes[nodes[node].right].count;
}

/* Everything before (leg_from_ms, than) goes to *before, the rest to *rest. */
static void split(struct line_node *nodes, uint32_t tree, int64_t leg_from_ms, uint32_t than,
                  uint32_t *before, uint32_t *rest)
{
    if (tree == 0) {
        *before = *rest = 0;
        return;
    }
    uint32_t part = 0;
    if (stands_before(nodes, tree, leg_from_ms, than)) {
        split(nodes, nodes[tree].right, leg_from_ms, than, &part, rest);
        nodes[tree].right = part;
        *before = tree;
    } else {
        split(nodes, nodes[tree].left, leg_from_ms, than, before, &part);
        nodes[tree].left = part;
        *rest = tree;
    }
    recount(nodes, tree);
}

static uint32_t merge(struct line_node *nodes, uint32_t before, uint32_t after)
{
    if (before == 0 || after == 0) {
        return before + after;
    }
    uint32_t top = before;
    if (nodes[before].priority > nodes[after].priority) {
        nodes[before].right = merge(nodes, nodes[before].right, after);
    } else {
        top = after;
        nodes[after].left = merge(nodes, before, nodes[after].left);
    }
    recount(nodes, top);
    return top;
}

static uint32_t insert(struct line_node *nodes, uint32_t tree, uint32_t node)
{
    if (tree == 0) {
        return node;
    }
    if (nodes[node].priority > nodes[tree].priority) {
        split(nodes, tree, nodes[node].leg_from_ms, node, &nodes[node].left, &nodes[node].right);
        recount(nodes, node);
        return node;
    }
    if (stands_before(nodes, tree, nodes[node].leg_from_ms, node)) {
        nodes[tree].right = insert(nodes, nodes[tree].right, node);
    } else {
        nodes[tree].left = insert(nodes, nodes[tree].left, node);
    }
    nodes[tree].count++;
    return tree;
}

static uint32_t without(struct line_node *nodes, uint32_t tree, uint32_t node)
{
    CHECK(tree != 0);
    if (tree == node) {
        return merge(nodes, nodes[tree].left, nodes[tree].right);
    }
    if (stands_before(nodes, tree, nodes[node].leg_from_ms, node)) {
        nodes[tree].right = without(nodes, nodes[tree].right, node);
    } else {
        nodes[tree].left = without(nodes, nodes[tree].left, node);
    }
    nodes[tree].count--;
    return tree;
}

static struct line *find_line(const struct lines *lines, const struct waiter *waiter)
{
    const struct service_lines *service = &lines->services[waiter->service];
    for (int i = 0; i < service->line_count; i++) {
        struct line *line = &service->lines[i];
        if (line->ticket_class == waiter->ticket_class && line->needs == waiter->needs &&
            line->only == waiter->only && line->held_until_ms == waiter->held_until_ms) {
            return line;
        }
    }
    return NULL;
}

static struct line *add_line(struct lines *lines, const struct waiter *waiter)
{
    struct service_lines *service = &lines->services[waiter->service];
    if (service->line_count == service->line_capacity) {
        service->line_capacity = service->line_capacity == 0 ? 4 : service->line_capacity * 2;
        service->lines =
            realloc(service->lines, (size_t)service->line_capacity * sizeof(*service->lines));
        CHECK(service->lines != NULL);
    }
    struct line *line = &service->lines[service->line_count++];
    *line = (struct line){.held_until_ms = waiter->held_until_ms,
                          .head = LINE_NOBODY,
                          .ticket_class = waiter->ticket_class,
                          .needs = waiter->needs,
                          .only = waiter->only};
    return line;
}

static uint64_t with_flag(uint64_t flags, int32_t service, bool set)
{
    const uint64_t flag = UINT64_C(1) << service;
    return set ? flags | flag : flags & ~flag;
}

static void count_waiter(struct lines *lines, const struct waiter *waiter, int by)
{
    const int32_t service = waiter->service;
    struct service_lines *mine = &lines->services[service];
    mine->waiting += by;
    mine->sent += waiter->only != 0 ? by : 0;
    lines->waiting += by;
    if (service < QUARTER_SERVICES_MAX) {
        lines->services_waiting = with_flag(lines->services_waiting, service, mine->waiting > 0);
        lines->services_sent = with_flag(lines->services_sent, service, mine->sent > 0);
    }
}

void lines_grow(struct lines *lines, int services, size_t tickets)
{
    if (services > lines->service_count) {
        lines->services = realloc(lines->services, (size_t)services * sizeof(*lines->services));
        CHECK(lines->services != NULL);
        for (int i = lines->service_count; i < services; i++) {
            lines->services[i] = (struct service_lines){0};
        }
        lines->service_count = services;
    }
    if (tickets + 1 > lines->node_capacity) {
        size_t capacity = lines->node_capacity == 0 ? 256 : lines->node_capacity;
        while (capacity < tickets + 1) {
            capacity *= 2;
        }
        lines->nodes = realloc(lines->nodes, capacity * sizeof(*lines->nodes));
        CHECK(lines->nodes != NULL);
        memset(lines->nodes + lines->node_capacity, 0,
               (capacity - lines->node_capacity) * sizeof(*lines->nodes));
        lines->node_capacity = capacity;
    }
}

void lines_insert(struct lines *lines, const struct waiter *waiter)
{
    CHECK(waiter->service < lines->service_count && node_of(waiter->ticket) < lines->node_capacity);
    uint32_t node = node_of(waiter->ticket);
    struct line_node *mine = &lines->nodes[node];
    CHECK(!mine->waits);
    *mine = (struct line_node){
        .leg_from_ms = waiter->leg_from_ms, .count = 1, .priority = mix(node), .waits = true};
    struct line *line = find_line(lines, waiter);
    line = line != NULL ? line : add_line(lines, waiter);
    line->root = insert(lines->nodes, line->root, node);
    line->length++;
    if (line->head == LINE_NOBODY ||
        stands_before(lines->nodes, node, line->head_leg_from_ms, node_of(line->head))) {
        line->head = waiter->ticket;
        line->head_leg_from_ms = waiter->leg_from_ms;
    }
    count_waiter(lines, waiter, 1);
}

void lines_remove(struct lines *lines, const struct waiter *waiter)
{
    CHECK(waiter->service < lines->service_count && node_of(waiter->ticket) < lines->node_capacity);
    uint32_t node = node_of(waiter->ticket);
    CHECK(lines->nodes[node].waits && lines->nodes[node].leg_from_ms == waiter->leg_from_ms);
    struct line *line = find_line(lines, waiter);
    CHECK(line != NULL);
    line->root = without(lines->nodes, line->root, node);
    line->length--;
    lines->nodes[node].waits = false;
    count_waiter(lines, waiter, -1);
    if (line->length == 0) {
        struct service_lines *service = &lines->services[waiter->service];
        *line = service->lines[--service->line_count];
    } else if (line->head == waiter->ticket) {
        line->head = line_at(lines, line, 0);
        line->head_leg_from_ms = lines_leg_from(lines, line->head);
    }
}

void lines_free(struct lines *lines)
{
    for (int i = 0; i < lines->service_count; i++) {
        free(lines->services[i].lines);
    }
    free(lines->services);
    free(lines->nodes);
    *lines = (struct lines){0};
}

const struct line *lines_find(const struct lines *lines, const struct waiter *waiter)
{
    return waiter->service < lines->service_count ? find_line(lines, waiter) : NULL;
}

int32_t line_at(const struct lines *lines, const struct line *line, int place)
{
    CHECK(place >= 0 && place < line->length);
    const struct line_node *nodes = lines->nodes;
    uint32_t tree = line->root;
    uint32_t left = (uint32_t)place;
    for (;;) {
        uint32_t before = nodes[nodes[tree].left].count;
        if (left == before) {
            return ticket_of(tree);
        }
        if (left < before) {
            tree = nodes[tree].left;
        } else {
            left -= before + 1;
            tree = nodes[tree].right;
        }
    }
}

int line_before(const struct lines *lines, const struct line *line, int64_t leg_from_ms,
                int32_t ticket)
{
    const struct line_node *nodes = lines->nodes;
    uint32_t before = 0;
    for (uint32_t tree = line->root; tree != 0;) {
        if (stands_before(nodes, tree, leg_from_ms, node_of(ticket))) {
            before += nodes[nodes[tree].left].count + 1;
            tree = nodes[tree].right;
        } else {
            tree = nodes[tree].left;
        }
    }
    return (int)before;
}

int32_t line_first_from(const struct lines *lines, const struct line *line, int64_t leg_from_ms)
{
    const struct line_node *nodes = lines->nodes;
    uint32_t first = 0;
    for (uint32_t tree = line->root; tree != 0;) {
        if (nodes[tree].leg_from_ms >= leg_from_ms) {
            first = tree;
            tree = nodes[tree].left;
        } else {
            tree = nodes[tree].right;
        }
    }
    return first == 0 ? LINE_NOBODY : ticket_of(first);
}

int line_partition(const struct lines *lines, const struct line *line, line_test *stands,
                   const void *context)
{
    const struct line_node *nodes = lines->nodes;
    uint32_t before = 0;
    for (uint32_t tree = line->root; tree != 0;) {
        if (stands(nodes[tree].leg_from_ms, ticket_of(tree), context)) {
            before += nodes[nodes[tree].left].count + 1;
            tree = nodes[tree].right;
        } else {
            tree = nodes[tree].left;
        }
    }
    return (int)before;
}

int64_t lines_leg_from(const struct lines *lines, int32_t ticket)
{
    CHECK(lines->nodes[node_of(ticket)].waits);
    return lines->nodes[node_of(ticket)].leg_from_ms;
}

static uint32_t check_tree(const struct line_node *nodes, uint32_t tree, int64_t *last_ms,
                           uint32_t *last)
{
    if (tree == 0) {
        return 0;
    }
    const struct line_node *node = &nodes[tree];
    uint32_t left = check_tree(nodes, node->left, last_ms, last);
    CHECK(node->waits);
    CHECK(*last_ms < node->leg_from_ms || (*last_ms == node->leg_from_ms && *last < tree));
    CHECK(node->left == 0 || nodes[node->left].priority <= node->priority);
    CHECK(node->right == 0 || nodes[node->right].priority <= node->priority);
    *last_ms = node->leg_from_ms;
    *last = tree;
    uint32_t count = left + 1 + check_tree(nodes, node->right, last_ms, last);
    CHECK(count == node->count);
    return count;
}

static int check_service(const struct lines *lines, const struct service_lines *service)
{
    int waiting = 0;
    int sent = 0;
    for (int i = 0; i < service->line_count; i++) {
        const struct line *line = &service->lines[i];
        int64_t last_ms = INT64_MIN;
        uint32_t last = 0;
        CHECK(line->length > 0);
        CHECK((int)check_tree(lines->nodes, line->root, &last_ms, &last) == line->length);
        CHECK(line->head == line_at(lines, line, 0));
        CHECK(line->head_leg_from_ms == lines_leg_from(lines, line->head));
        for (int j = 0; j < i; j++) {
            CHECK(service->lines[j].ticket_class != line->ticket_class ||
                  service->lines[j].needs != line->needs || service->lines[j].only != line->only ||
                  service->lines[j].held_until_ms != line->held_until_ms);
        }
        waiting += line->length;
        sent += line->only != 0 ? line->length : 0;
    }
    CHECK(waiting == service->waiting && sent == service->sent);
    return waiting;
}

void lines_check(const struct lines *lines)
{
    int waiting = 0;
    for (int i = 0; i < lines->service_count; i++) {
        int of_service = check_service(lines, &lines->services[i]);
        CHECK(i >= QUARTER_SERVICES_MAX ||
              (lines->services_waiting >> i & 1) == (uint64_t)(of_service > 0));
        CHECK(i >= QUARTER_SERVICES_MAX ||
              (lines->services_sent >> i & 1) == (uint64_t)(lines->services[i].sent > 0));
        waiting += of_service;
    }
    CHECK(waiting == lines->waiting);
}
