/*
 * A process tree over nodes: tree NAME END NODE... starts itself on the first node, with the other nodes, and leaves the process in /NODE/NAME there. Then it
 * publishes the number of nodes that are left to the topic NAME, and does what END says: "exit" when its input ends, "trap" then, or "stay" for ever. Those
 * that it starts stay.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "topic.h"

#define ANCHOR 0xe41237e4098ed922u
#define LOADER 0x8a336ac7e2d028c1u
#define STORER 0xab8d091f98599d27u
#define EXECUTOR 0x804fe3440f678ff3u
#define BYTECODE_CACHE 0xe64ce403f6090174u

enum { VALUE_PROCESS = 2 };

static void send(ww_call *call, ww_answer *answer, const char *what) {
    if (ww_send(call, answer)) exit(complain(what, answer));
}

static ww_cap walk(ww_cap root, const char *path) {
    ww_answer answer;
    ww_call call;
    ww_start(&call, root, ANCHOR, 1, 0, 1);
    ww_set_text(call.params, 0, path);
    send(&call, &answer, "walk");
    ww_cap anchor = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);
    return anchor;
}

static ww_cap cell(ww_cap anchor, unsigned part) {
    ww_answer answer;
    ww_call call;
    ww_start(&call, anchor, ANCHOR, 2, 0, 0);
    send(&call, &answer, "cell");
    ww_cap found = ww_get_cap(&answer, answer.results, part);
    ww_free(&answer);
    return found;
}

/* What the executor of this node has of this program. */
static void own_bytecode(ww_cap executor, ww_answer *answer) {
    uint32_t length;
    ww_answer cid;
    ww_call call;
    ww_start(&call, executor, EXECUTOR, 2, 0, 0);
    send(&call, answer, "cache");
    ww_cap cache = ww_get_cap(answer, answer->results, 0);
    ww_free(answer);
    ww_start(&call, WW_BOOT, BOOT_CONTEXT, 1, 0, 0);
    send(&call, &cid, "cid");
    ww_start(&call, cache, BYTECODE_CACHE, 1, 0, 1);
    const void *bytes = ww_get_data(cid.results, 0, &length);
    ww_set_data(call.params, 0, bytes, length);
    send(&call, answer, "get");
    ww_free(&cid);
}

static void start(ww_cap root, ww_cap own, const char *name, char **nodes, int count) {
    char path[512];
    uint32_t length;
    ww_answer answer, bytecode;
    ww_call call;
    const char *arguments[16] = {name, "stay"};
    for (int i = 1; i < count; i++) arguments[i + 1] = nodes[i];

    snprintf(path, sizeof path, "/%s", nodes[0]);
    ww_start(&call, cell(walk(root, path), 0), LOADER, 0, 0, 0);
    send(&call, &answer, "load");
    ww_view session = ww_get_struct(ww_get_struct(answer.results, 0), 0);
    ww_cap executor = ww_get_cap(&answer, session, SESSION_EXECUTOR);
    ww_cap pub_sub = ww_get_cap(&answer, session, SESSION_PUBSUB);
    ww_cap anchors = ww_get_cap(&answer, session, SESSION_ANCHOR);
    ww_free(&answer);

    own_bytecode(own, &bytecode);
    const void *bytes = ww_get_data(bytecode.results, 0, &length);
    ww_start(&call, executor, EXECUTOR, 0, 1, 5);
    ww_struct given = ww_init(call.params, 0, 0, SESSION_POINTERS);
    ww_set_cap(&call, given, SESSION_EXECUTOR, executor);
    ww_set_cap(&call, given, SESSION_PUBSUB, pub_sub);
    ww_set_cap(&call, given, SESSION_ANCHOR, anchors);
    ww_set_data(call.params, 1, bytes, length);
    ww_set_texts(call.params, 2, arguments, count + 1);
    send(&call, &answer, "exec");
    ww_free(&bytecode);
    ww_cap process = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);

    snprintf(path, sizeof path, "/%s/%s", nodes[0], name);
    ww_start(&call, cell(walk(root, path), 1), STORER, 0, 1, 1);
    ww_struct value = ww_init(call.params, 0, 1, 1);
    ww_set_u16(value, 0, VALUE_PROCESS);
    ww_set_cap(&call, value, 0, process);
    send(&call, &answer, "store");
    ww_free(&answer);
    /* Neither is needed any more; the child lives on. */
    ww_release(process);
    ww_release(executor);
}

int main(int argc, char **argv) {
    char left[16];
    uint32_t ended;
    ww_answer answer;
    ww_view session = get_session(&answer);
    ww_cap executor = ww_get_cap(&answer, session, SESSION_EXECUTOR), root = ww_get_cap(&answer, session, SESSION_ANCHOR);
    ww_free(&answer);
    if (argc > 3) start(root, executor, argv[1], argv + 3, argc - 3);
    snprintf(left, sizeof left, "%d", argc - 3);
    if (publish(argv[1], left)) return 1;
    if (!strcmp(argv[2], "stay")) while (!ww_turn(&ended)) { }
    while (read(0, left, sizeof left) > 0) { }
    if (!strcmp(argv[2], "trap")) __builtin_trap();
    return 0;
}
